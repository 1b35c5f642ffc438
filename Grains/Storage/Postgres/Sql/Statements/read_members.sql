-- Purpose: the silos that are members of a cluster by the table and not declared dead, be they alive or not.
-- Parameters: $1 cluster.
-- Rows: address; port for other silos; generation; when the silo last said to Orleans that it is alive, by its own clock; its last beat, null where it never
--          wrote one;
--   whether that was written through this run of this server into this database; whether it was written into another database; seconds since then, 0 for a
--          time in
--   the future.
-- Locks: none. Index: pk_orleans_member.
select address, port, generation, alive_time, beat,
  coalesce(beat_database = orleans_database() and beat_server = pg_postmaster_start_time(), false),
  coalesce(beat_database <> orleans_database(), false),
  greatest(extract(epoch from clock_timestamp() - coalesce(beat_at, alive_time)), 0)::double precision
from orleans_member
where cluster_id = $1 and status <> 6
