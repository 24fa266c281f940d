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

-- The model: a machine and its service object. A machine without a row here is known by evidence alone.
create table kms_models(
  machine integer primary key references kms_machines,
  version text not null,
  virtual_machine integer not null,
  skip_rearm integer not null,
  key_in_registry integer not null,
  rearm_pending integer not null,
  client_machine_id blob not null,
  host_caching integer not null,
  activation_disabled integer,
  activation_type integer,
  activation_interval_min integer not null,
  renewal_interval_min integer not null,
  policy_refresh_required integer not null,
  rearm_count integer not null,
  listening_port integer,
  dns_publishing integer not null,
  low_priority integer not null,
  host_name text,
  host_port integer,
  lookup_domain text,
  discovered_name text,
  discovered_port integer,
  discovered_address text,
  host_key_id text
) strict;

-- The products of a machine. `partial_key` is all that is kept of a product key.
create table kms_products(
  machine integer not null references kms_machines,
  id blob not null,
  application blob not null,
  name text not null,
  description text not null,
  family text not null,
  partial_key text,
  channel text,
  status integer not null,
  reason integer not null,
  deadline_ms integer,
  required integer,
  activation_interval_min integer,
  renewal_interval_min integer,
  activation_type integer,
  activated_by integer,
  genuine_status integer not null,
  extended_grace_min integer,
  app_rearm_count integer not null,
  sku_rearm_count integer not null,
  is_addon integer not null,
  depends_on text,
  evaluation_end_ms integer,
  product_key_id text,
  product_key_id2 text,
  serves_all integer not null,
  host_name text,
  host_port integer,
  lookup_domain text,
  discovered_name text,
  discovered_port integer,
  discovered_address text,
  host_key_id text,
  primary key(machine, id)
) strict, without rowid;

-- The Activation IDs that a host product serves, when it does not serve all of its application.
create table kms_serves(
  machine integer not null references kms_machines,
  product blob not null,
  activation blob not null,
  primary key(machine, product, activation)
) strict, without rowid;

-- Properties that are carried from an artefact and out again; `object` is the ID of a product, or empty for the service.
create table kms_carried(
  machine integer not null references kms_machines,
  object blob not null,
  name text not null,
  kind text not null,
  value text,
  primary key(machine, object, name)
) strict, without rowid;

-- What a host keeps of a pool: counters, and the limit of its cache.
create table kms_pools(
  machine integer not null references kms_machines,
  pool text not null,
  total integer not null,
  failed integer not null,
  unlicensed integer not null,
  licensed integer not null,
  oob_grace integer not null,
  oot_grace integer not null,
  non_genuine_grace integer not null,
  notification integer not null,
  cache_limit integer not null,
  adopted_count integer,
  primary key(machine, pool)
) strict, without rowid;

-- The cache of a host: the clients that it counts.
create table kms_cache(
  machine integer not null references kms_machines,
  pool text not null,
  client_machine_id blob not null,
  name text not null,
  first_ms integer not null,
  last_ms integer not null,
  required integer not null,
  primary key(machine, pool, client_machine_id)
) strict, without rowid;

-- Licence files that were installed; their texts are not kept.
create table kms_licenses(
  machine integer not null references kms_machines,
  kind text not null,
  sha256 blob not null,
  size integer not null,
  installed_ms integer not null,
  primary key(machine, kind, sha256)
) strict, without rowid;

-- How often each machine was activated with a key.
create table kms_ledger(
  machine integer not null references kms_machines,
  partial_key text not null,
  activation blob not null,
  times integer not null,
  primary key(machine, partial_key, activation)
) strict, without rowid;

create index kms_ledger_by_key on kms_ledger(partial_key, activation);

-- Errors that the next calls of a method raise.
create table kms_faults(
  machine integer not null references kms_machines,
  method text not null,
  code integer not null,
  calls_left integer not null,
  primary key(machine, method)
) strict, without rowid;
