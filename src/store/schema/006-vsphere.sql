-- vCenters and stand-alone hosts. Parts without an identity of their own stand in JSON columns, here and below.
create table vsphere_vcenters(
  id integer primary key,
  name text not null collate nocase unique,
  uuid text collate nocase unique,
  api_type text not null,
  version text not null,
  settings text not null,
  left_out text not null
) strict;

-- The inventory of licences; `key` is the number of a secret, `shown` is what may be seen of it.
create table vsphere_licenses(
  vcenter integer not null,
  id integer not null,
  key integer not null,
  shown text not null,
  edition_key text not null,
  name text not null,
  total integer not null,
  cost_unit text not null,
  reported_used integer,
  source text not null,
  properties text not null,
  labels text not null,
  primary key(vcenter, id)
) strict, without rowid;

create unique index vsphere_licenses_by_key on vsphere_licenses(key, vcenter, edition_key);

-- What is licensed. `assigned` counts the assignments, so that the row of an entity changes with its first.
create table vsphere_entities(
  vcenter integer not null,
  id integer not null,
  entity_id text not null,
  kind text not null,
  name text,
  parent text,
  path text,
  assigned integer not null,
  detail text not null,
  primary key(vcenter, id)
) strict, without rowid;

create unique index vsphere_entities_by_entity on vsphere_entities(vcenter, entity_id);
create index vsphere_entities_by_name on vsphere_entities(name, vcenter);
create index vsphere_entities_by_parent on vsphere_entities(parent, vcenter);

-- Who holds which licence. The rows of one licence lie together, so that its used units are one short sum.
create table vsphere_assignments(
  vcenter integer not null,
  license integer not null,
  entity integer not null,
  slot text not null,
  cost integer,
  detail text not null,
  primary key(vcenter, license, entity)
) strict, without rowid;

create index vsphere_assignments_by_entity on vsphere_assignments(entity, vcenter);

-- The catalogue of the user: what an edition is, and which key is of which edition.
create table vsphere_editions(
  edition_key text not null,
  version text not null,
  name text not null,
  product_name text not null,
  cost_unit text not null,
  rank integer not null,
  facts text not null,
  primary key(edition_key, version)
) strict, without rowid;

create table vsphere_keys(
  sha256 text primary key,
  key integer,
  shown text,
  edition_key text not null,
  version text,
  total integer not null,
  facts text not null
) strict, without rowid;
