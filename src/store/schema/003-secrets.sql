-- What a method needs back and nothing may show: rows, journal and snapshots hold its number. Never removed, so that an undo finds it.
create table secrets(
  id integer primary key,
  kind text not null,
  secret text not null,
  unique(kind, secret)
) strict;
