-- Managed devices. Parts without an identity of their own stand in JSON columns.
create table csp_devices(
  id integer primary key,
  name text not null collate nocase unique,
  os_version text not null,
  edition integer not null,
  base_edition integer not null,
  mode integer not null,
  join_type text not null,
  insider integer not null,
  license_key_type text,
  status integer not null,
  last_upgrade_error integer not null,
  installed_key text not null,
  pending_upgrade text not null,
  pending_key text not null,
  smode text not null,
  subscriptions text not null,
  licensing text not null,
  entitlements text not null,
  notifications text not null,
  identity text not null,
  controls text not null,
  last_change_ms integer not null
) strict;

-- The key catalogue: which edition a key is for, never the key itself.
create table csp_keys(
  id text primary key,
  edition integer not null,
  channel text not null,
  sha256 blob,
  glob text,
  last_five text,
  for_upgrade integer not null,
  for_change integer not null,
  for_check integer not null,
  min_version text,
  max_version text
) strict, without rowid;
