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
