-- License Managers. Parts without an identity of their own stand in JSON columns.
create table rms_servers(
  id integer primary key,
  name text not null collate nocase unique,
  running integer not null,
  info text not null,
  controls text not null
) strict;

-- Which table of a License Manager is in force: a file that replaces begins a new one. `imports` counts those that loaded into it, so
-- that none is taken back beneath a later one.
create table rms_tables(
  server integer primary key,
  load integer not null,
  imports integer not null
) strict;

-- Features made numbers, in the order of their first load into a table; never removed: a feature is there while a license of it is.
create table rms_features(
  id integer primary key,
  server integer not null,
  load integer not null,
  name text not null,
  version text not null
) strict;
create index rms_features_in_order on rms_features(server, load);
create index rms_features_named on rms_features(server, load, name, version);

-- Licenses as imports first brought them, in the order of their load within the feature. The key stands in an index of its own, so
-- that a license is found by its position without reading those before it.
create table rms_loaded(
  feature integer not null,
  seq integer not null,
  server integer not null,
  hash text,
  ends_s integer,
  present text not null,
  elements text not null,
  extras text not null,
  origin text not null,
  import integer not null,
  primary key(feature, seq)
) strict;
create index rms_loaded_hash on rms_loaded(server, hash);
create index rms_loaded_ends on rms_loaded(server, ends_s) where ends_s is not null;

-- How many licenses an import loaded into a feature: tells which features are there without looking for a license of each.
create table rms_loads(
  feature integer not null,
  import integer not null,
  licenses integer not null,
  primary key(feature, import)
) strict, without rowid;

-- Licenses as commands and later imports left them; a row stands before the loaded one of the same place. `gone`: it was removed.
create table rms_licenses(
  server integer not null,
  feature integer not null,
  seq integer not null,
  hash text,
  ends_s integer,
  present text not null,
  elements text not null,
  extras text not null,
  origin text not null,
  gone integer not null,
  primary key(server, feature, seq)
) strict;
create index rms_licenses_hash on rms_licenses(server, hash);
create index rms_licenses_ends on rms_licenses(server, ends_s);

-- Names of License Managers that usage is logged of, made numbers: rows refer to them, and they are never removed.
create table rms_managers(
  id integer primary key,
  name text not null collate nocase unique
) strict;

-- Usage: what License Managers logged, and what the model did. `nth` tells records of one second apart that are alike in what stands
-- before it; those of the model count down from -1. `levels` are the encryption levels of the manager, times ten, and of the license.
create table rms_usage(
  manager integer not null,
  feature text not null,
  version text not null,
  time_s integer not null,
  event integer not null,
  user text not null,
  host text not null,
  nth integer not null,
  units integer,
  in_use integer,
  key_life_s integer,
  lm_version text not null,
  comment text not null,
  levels integer not null,
  file integer not null,
  line integer not null,
  import integer not null,
  primary key(manager, feature, version, time_s, event, user, host, nth)
) strict, without rowid;
create index rms_usage_denied on rms_usage(manager, time_s) where event in (1, 4);

-- Tokens: one row for each client that runs, holds, shares, waits or has checked out, and for each key whose end its client is still to
-- be told. `due_s` is the second with which time changes the row. A token is found by who may share, reclaim or return it.
create table rms_sessions(
  server integer not null,
  key_id integer not null,
  feature integer not null,
  state text not null,
  user text not null,
  host text not null,
  units integer not null,
  kept integer not null,
  drawn integer not null,
  shares integer,
  clients integer not null,
  share_key text,
  node text,
  license text not null,
  trial integer,
  start_s integer not null,
  refreshed_s integer not null,
  due_s integer,
  hold_s integer not null,
  team text not null,
  x_display text not null,
  sharing_id text not null,
  host_id text not null,
  address text,
  lock_code text not null,
  issuer text not null,
  observed integer not null,
  remote integer not null,
  comment text not null,
  primary key(server, key_id)
) strict, without rowid;
create index rms_sessions_due on rms_sessions(server, due_s) where due_s is not null;
create index rms_sessions_share on rms_sessions(server, feature, share_key, units, clients) where share_key is not null;
create index rms_sessions_node on rms_sessions(server, feature, node) where node is not null;
create index rms_sessions_waiting on rms_sessions(server, feature, state) where state in ('queued', 'granted');
create index rms_sessions_user on rms_sessions(server, user, feature, state);

-- What the tokens of a feature come to: kept with every change of one.
create table rms_counts(
  server integer not null,
  feature integer not null,
  used integer not null,
  commuted integer not null,
  held integer not null,
  unattributed integer not null,
  queued integer not null,
  wanted integer not null,
  kept integer not null,
  drawn text not null,
  primary key(server, feature)
) strict, without rowid;

-- The next numbers of a License Manager, which nothing takes back, and its latest moment.
create table rms_counters(
  server integer primary key,
  next_key integer not null,
  next_event integer not null,
  latest_s integer not null
) strict;

-- Reservation groups in the order of their file.
create table rms_groups(
  server integer not null,
  ordinal integer not null,
  feature text not null,
  version text,
  name text not null,
  tokens integer not null,
  members text not null,
  primary key(server, ordinal)
) strict, without rowid;
create index rms_groups_of on rms_groups(server, feature);

-- Named users of a license.
create table rms_accounts(
  server integer not null,
  license text not null,
  name text not null,
  primary key(server, license, name)
) strict, without rowid;

-- The clocks of trial licenses since their first request.
create table rms_trials(
  server integer not null,
  feature integer not null,
  license integer not null,
  started_s integer not null,
  used_s integer not null,
  counted_s integer not null,
  open integer not null,
  least_days integer not null,
  primary key(server, feature, license)
) strict, without rowid;

-- Grace licenses on the machines of clients.
create table rms_graces(
  server integer not null,
  feature integer not null,
  host text not null collate nocase,
  days integer not null,
  hours integer not null,
  installed_s integer not null,
  first_use_s integer,
  used_s integer not null,
  primary key(server, feature, host)
) strict, without rowid;
