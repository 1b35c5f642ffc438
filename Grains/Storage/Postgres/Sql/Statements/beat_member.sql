-- Purpose: a silo shows that it writes to this database, and for how long from now it counts on not being declared dead.
-- Parameters: $1 cluster; $2 address; $3 port; $4 generation of the silo; $5 its lease in milliseconds.
-- Rows: one: which database this is; whether the silo was declared dead (6).
-- Locks: the silo's row; waits for who declares it dead. Index: pk_orleans_member. The commit waits for the disk: a lease that a crash of the server loses would not be waited for.
with beating as (
  update orleans_member
  set beat = gen_random_uuid(), beat_at = clock_timestamp(), beat_database = orleans_database(), beat_server = pg_postmaster_start_time(),
    lease = make_interval(secs => $5 / 1000.0)
  where cluster_id = $1 and address = $2 and port = $3 and generation = $4
  returning status
)
select orleans_database(), exists (select from beating where status = 6)
