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

-- Issued licenses per device. `hardware_key` and `computer_key` are what the texts are compared by; a spent temporary license stays as
-- stage 2, seen by nobody, so that its device gets no second one.
create table tslicense_issued(
  server integer not null,
  license_id integer not null,
  key_pack_id integer not null,
  status integer not null,
  stage integer not null,
  issued_ms integer not null,
  expires_ms integer not null,
  hardware text not null,
  hardware_key text not null,
  computer text not null,
  computer_key text not null,
  user text not null,
  primary key(server, license_id, key_pack_id)
) strict, without rowid;

create index tslicense_issued_by_hardware on tslicense_issued(hardware_key, server);
create index tslicense_issued_by_computer on tslicense_issued(server, computer_key);
create index tslicense_issued_by_end on tslicense_issued(server, expires_ms) where stage < 2;
create index tslicense_issued_revoked on tslicense_issued(server, key_pack_id, expires_ms) where status = 4;

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
