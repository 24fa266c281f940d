-- The objects of every domain as they were at one moment. No part of the history: what is deleted here is gone.
create table snapshots(
  number integer primary key,
  name text not null unique collate nocase,
  time_ms integer not null
) strict;

create table snapshot_rows(
  snapshot integer not null references snapshots(number),
  domain text not null,
  "table" text not null,
  key text not null,
  instance text not null,
  label text not null,
  row text not null,
  primary key(snapshot, domain, "table", key)
) strict, without rowid;

-- What the status showed at that moment, so that a trend costs a few rows.
create table snapshot_figures(
  snapshot integer not null references snapshots(number),
  place integer not null,
  domain text not null,
  instance text not null,
  object text not null,
  used integer not null,
  primary key(snapshot, place)
) strict, without rowid;
