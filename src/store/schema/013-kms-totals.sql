-- The kept units of a client as one value: a record of eight words each, as src/kms/store/packed.rs reads them, in the order of product
-- and host. A column for each member took most of the time of every question about all clients.
create table kms_totals(
  client integer primary key references kms_clients,
  units blob not null
) strict;
insert into kms_totals(client, units)
  select client, unhex(group_concat(printf('%08X%04X%04X%08X%08X%016X%016X%016X%016X%016X%08X%08X', client, sku, host, rows, required,
    first_ms, last_ms, coalesce(valid_first_ms, -9223372036854775808), coalesce(valid_last_ms, 0), coalesce(valid_record, 0),
    coalesce(valid_minutes, 0), coalesce(valid_status << 8 | valid_virtual_machine, 0)), '' order by sku, host))
  from kms_units group by client;
drop table kms_units;
