-- License servers. Parts without an identity of their own stand in JSON columns.
create table tslicense_servers(
  id integer primary key,
  name text not null collate nocase unique,
  os text,
  activation integer not null,
  license_server_id text,
  product_id text,
  joined integer,
  reachable integer not null,
  next_key_pack integer not null,
  next_license integer not null,
  aliases text not null,
  settings text not null
) strict;

-- Key packs; `filed` is the first purchase number of `detail.purchase`, by the number of the secret.
create table tslicense_key_packs(
  server integer not null,
  key_pack_id integer not null,
  key_pack_type integer not null,
  product_type integer not null,
  product_version_id integer not null,
  total integer not null,
  issued integer not null,
  available integer not null,
  expires_ms integer not null,
  filed integer,
  detail text not null,
  primary key(server, key_pack_id)
) strict, without rowid;

create index tslicense_key_packs_by_number on tslicense_key_packs(filed) where filed is not null;

create table tslicense_events(
  server integer not null,
  number integer not null,
  time_ms integer not null,
  event_id integer not null,
  text text not null,
  primary key(server, number)
) strict, without rowid;

-- Licenses per device as artefacts told of them, each import beside the ones before: of a license the newest row that is seen counts.
-- The hashes are of what the texts are compared by.
create table tslicense_evidence(
  server integer not null,
  license_id integer not null,
  key_pack_id integer not null,
  import integer not null,
  status integer not null,
  issued_ms integer not null,
  expires_ms integer not null,
  hardware_hash integer not null,
  computer_hash integer not null,
  hardware text not null,
  computer text not null,
  user text not null,
  primary key(server, license_id, key_pack_id, import desc)
) strict, without rowid;

create index tslicense_evidence_by_hardware on tslicense_evidence(hardware_hash);
create index tslicense_evidence_by_end on tslicense_evidence(server, expires_ms);
create index tslicense_evidence_revoked on tslicense_evidence(server, key_pack_id) where status = 4;

-- Licenses per device that the model issued or changed: they stand over what was imported of them. Stage 2 is a spent temporary
-- license, seen by nobody, so that its device gets no second one; stage 3 one that is gone, whatever was imported of it.
create table tslicense_issued(
  server integer not null,
  license_id integer not null,
  key_pack_id integer not null,
  status integer not null,
  stage integer not null,
  issued_ms integer not null,
  expires_ms integer not null,
  hardware_hash integer not null,
  computer_hash integer not null,
  hardware text not null,
  computer text not null,
  user text not null,
  primary key(server, license_id, key_pack_id)
) strict, without rowid;

create index tslicense_issued_by_hardware on tslicense_issued(hardware_hash);
create index tslicense_issued_by_end on tslicense_issued(server, expires_ms) where stage < 2;
create index tslicense_issued_revoked on tslicense_issued(server, key_pack_id, expires_ms) where status = 4;

-- What is known of a server's imported licenses as a whole: the newest import that brought any, and until when those that expired are
-- no longer among the counts of its key packs.
create table tslicense_license_lists(
  server integer primary key,
  brought integer,
  swept_ms integer not null
) strict;

-- Imported licenses that are gone as a whole: those of a key pack that imports up to `until` brought.
create table tslicense_cleared(
  server integer not null,
  key_pack_id integer not null,
  until integer not null,
  primary key(server, key_pack_id)
) strict, without rowid;

-- Licenses per user.
create table tslicense_users(
  server integer not null,
  name text not null collate nocase,
  key_pack_id integer not null,
  version integer not null,
  first_ms integer not null,
  expires_ms integer not null,
  primary key(server, name)
) strict, without rowid;

create index tslicense_users_by_name on tslicense_users(name, server);
create index tslicense_users_by_end on tslicense_users(server, expires_ms);

-- Session hosts; what no query asks for stands in a JSON column.
create table tslicense_hosts(
  id integer primary key,
  name text not null collate nocase unique,
  os text,
  detail text not null
) strict;

-- Licenses per user that could not be written into the directory: the last try of each.
create table tslicense_failures(
  server integer not null,
  name text not null collate nocase,
  tried_ms integer not null,
  version integer not null,
  primary key(server, name)
) strict, without rowid;

-- What a server had installed and issued when it was imported: a row a day, version and product.
create table tslicense_history(
  server integer not null,
  version integer not null,
  product integer not null,
  day text not null,
  at_ms integer not null,
  total integer not null,
  issued integer not null,
  primary key(server, version, product, day)
) strict, without rowid;

-- Migrations as they were planned: what was to be moved, and what both servers owned before.
create table tslicense_migrations(
  source integer not null,
  target integer not null,
  at_ms integer not null,
  detail text not null,
  primary key(source, target)
) strict, without rowid;

-- License usage reports; `entries` is the change that wrote their entries. One change may write several.
create table tslicense_reports(
  server integer not null,
  name text not null collate nocase,
  made_ms integer not null,
  entries integer not null,
  detail text not null,
  primary key(server, name)
) strict, without rowid;

create table tslicense_report_entries(
  import integer not null,
  server integer not null,
  report text not null collate nocase,
  class integer not null,
  position integer not null,
  name text not null,
  hardware text not null,
  time_ms integer,
  version integer not null,
  product integer not null,
  first integer not null,
  second integer not null,
  availability text not null,
  primary key(import, server, report, class, position)
) strict, without rowid;
