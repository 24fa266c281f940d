-- Where licenses stand, by their hashes. A table of its own rather than an index of `rms_loaded`: hashes come in any order, and an
-- import adds many of them at once, in theirs.
create table rms_hashes(
  server integer not null,
  hash text not null,
  feature integer not null,
  seq integer not null,
  import integer not null,
  primary key(server, hash, feature, seq)
) strict, without rowid;
insert into rms_hashes(server, hash, feature, seq, import)
  select server, hash, feature, seq, import from rms_loaded where hash is not null order by 1, 2, 3, 4;
drop index rms_loaded_hash /* on rms_loaded */;
