-- Kept facts: the first and the last numbered record of a log that is in the order of time; null where it has none. A host without a row
-- is one of which that is not known.
create table kms_sequences(
  host integer primary key references kms_hosts,
  first_record integer,
  first_s integer,
  last_record integer,
  last_s integer
) strict;
-- Row by row with the one behind it: a window would hold all of them.
insert into kms_sequences(host, first_record, first_s, last_record, last_s)
  select host, min(record), min(time_s), max(record), max(time_s) from kms_requests r where record >= 0 group by host
  having sum(coalesce((select n.record = r.record or n.time_s < r.time_s from kms_requests n
    where n.host = r.host and (n.record, n.time_s, n.client, n.sku, n.status, n.minutes)
      > (r.record, r.time_s, r.client, r.sku, r.status, r.minutes)
    order by n.record, n.time_s, n.client, n.sku, n.status, n.minutes limit 1), 0)) = 0;
