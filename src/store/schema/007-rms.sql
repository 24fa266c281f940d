-- License Managers. Parts without an identity of their own stand in JSON columns.
create table rms_servers(
  id integer primary key,
  name text not null collate nocase unique,
  running integer not null,
  info text not null,
  controls text not null
) strict;

-- Features in the order of their first load; `id` counts up and is never used again.
create table rms_features(
  server integer not null,
  id integer not null,
  name text not null,
  version text not null,
  primary key(server, id)
) strict;
create unique index rms_features_named on rms_features(server, name, version);

-- Licenses in the order of their load within the feature. The key stands in an index of its own, so that a license is found by
-- its position without reading those before it.
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
  primary key(server, feature, seq)
) strict;
create index rms_licenses_hash on rms_licenses(server, hash);
create index rms_licenses_ends on rms_licenses(server, ends_s);
