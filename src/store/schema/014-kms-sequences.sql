-- Kept facts: the first and the last numbered record of a log that is in the order of time; null where it has none. A host without a row
-- is one of which that is not known.
create table kms_sequences(
  host integer primary key references kms_hosts,
  first_record integer,
  first_s integer,
  last_record integer,
  last_s integer
) strict;
insert into kms_sequences(host, first_record, first_s, last_record, last_s)
  with numbered as (
    select host, record, time_s, lag(record) over log as record_before, lag(time_s) over log as time_before
    from kms_requests where record >= 0 window log as (partition by host order by record, time_s))
  select host, min(record), min(time_s), max(record), max(time_s) from numbered group by host
  having sum(coalesce(record = record_before or time_s < time_before, 0)) = 0;
