-- Editions that the user told of, beside those of the built-in table.
create table kms_editions(
  activation blob primary key,
  name text not null,
  pool text not null,
  required integer not null
) strict, without rowid;

-- What DNS said when. `source` is the digest of the data that came together; in it `line` keeps equal records apart. `kind` is `SRV`,
-- `A`, `CNAME`, or `ZONE`: the data is all of the zone `owner`.
create table kms_dns(
  taken_ms integer not null,
  source blob not null,
  owner text not null collate nocase,
  kind text not null,
  line integer not null,
  priority integer not null,
  weight integer not null,
  port integer not null,
  target text not null,
  ttl integer not null,
  file integer not null,
  import integer not null,
  primary key(taken_ms, source, owner, kind, line, priority, weight, port, target, ttl)
) strict, without rowid;

-- How much log files of a host took for their records, by the newest record of each file.
create table kms_log_sizes(
  host integer not null references kms_hosts,
  last_ms integer not null,
  records integer not null,
  bytes integer not null,
  file integer not null,
  import integer not null,
  primary key(host, last_ms, records, bytes)
) strict, without rowid;
