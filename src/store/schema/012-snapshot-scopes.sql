-- Of what a moment was kept: of one domain, of one instance; null for everything.
alter table snapshots add column domain text;
alter table snapshots add column instance text;
