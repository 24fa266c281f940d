-- Instances.
create table kms_machines(
  id integer primary key,
  name text not null collate nocase unique
) strict;

-- Names made numbers: rows refer to them, and they are never removed.
create table kms_hosts(
  id integer primary key,
  name text not null collate nocase unique
) strict;

create table kms_clients(
  id integer primary key,
  cmid blob not null,
  name text not null,
  unique(cmid, name)
) strict;

create table kms_skus(
  id integer primary key,
  guid blob not null unique
) strict;

-- Event 12290. `record` is the EventRecordID, or -n for the n-th of several equal rows of a file without record numbers.
-- `client_offset` is the client time relative to the whole minute of `time_s`, in minutes, doubled, plus 1 when its hour is padded;
-- `client_time` has the text when it has another form.
create table kms_requests(
  host integer not null references kms_hosts,
  record integer not null,
  time_s integer not null,
  client integer not null references kms_clients,
  sku integer not null references kms_skus,
  status integer not null,
  minutes integer not null,
  ms integer not null,
  hresult integer not null,
  required integer not null,
  virtual_machine integer not null,
  client_offset integer,
  client_time text,
  lead text,
  origin integer not null,
  file integer not null,
  import integer not null,
  primary key(host, record, time_s, client, sku, status, minutes)
) strict, without rowid;

-- The other events of the KMS logs, their fields as JSON.
create table kms_events(
  host integer not null references kms_hosts,
  time_s integer not null,
  record integer not null,
  event integer not null,
  fields text not null,
  ms integer not null,
  file integer not null,
  import integer not null,
  primary key(host, time_s, record, event, fields)
) strict, without rowid;

-- What a tool showed of a machine.
create table kms_snapshots(
  host integer not null references kms_hosts,
  taken_ms integer not null,
  sha256 blob not null,
  kind text not null,
  body text not null,
  file integer not null,
  import integer not null,
  primary key(host, taken_ms, sha256)
) strict, without rowid;

-- Kept totals: what every client asked of one host under one name for one product.
create table kms_units(
  client integer not null references kms_clients,
  sku integer not null references kms_skus,
  host integer not null references kms_hosts,
  rows integer not null,
  first_ms integer not null,
  last_ms integer not null,
  required integer not null,
  valid_first_ms integer,
  valid_last_ms integer,
  valid_record integer,
  valid_status integer,
  valid_minutes integer,
  valid_virtual_machine integer,
  primary key(client, sku, host)
) strict, without rowid;

-- Kept totals: what the logs of a host cover.
create table kms_coverage(
  host integer primary key references kms_hosts,
  first_ms integer not null,
  last_ms integer not null,
  rows integer not null
) strict;

-- Kept totals: the client counts that were asked for.
create table kms_required(
  sku integer not null references kms_skus,
  required integer not null,
  rows integer not null,
  primary key(sku, required)
) strict, without rowid;
