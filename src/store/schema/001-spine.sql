create table changes(
  number integer primary key,
  time_ms integer not null,
  command text not null,
  calls text not null,
  summary text not null,
  bulk integer not null,
  repeats integer not null,
  undoes integer,
  undone_by integer
) strict;

create table change_rows(
  change integer not null,
  ordinal integer not null,
  "table" text not null,
  key text not null,
  label text not null,
  before text,
  after text,
  primary key(change, ordinal)
) strict, without rowid;

create index change_rows_by_key on change_rows("table", key);

create table change_files(
  change integer not null,
  ordinal integer not null,
  name text not null,
  kind text not null,
  sha256 text not null,
  primary key(change, ordinal)
) strict, without rowid;

create table hidden(
  change integer primary key,
  running integer not null
) strict;
