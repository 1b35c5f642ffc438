-- Purpose: a silo shows that it writes to this database. Its commit waits for no disk: a beat that a crash loses is followed by another one.
-- Parameters: $1 cluster; $2 address; $3 port; $4 generation of the silo.
-- Rows: one: which database this is; whether the silo was declared dead (6).
-- Locks: the silo's row. Index: pk_orleans_member.
with beating as (
  update orleans_member
  set beat = gen_random_uuid(), beat_at = clock_timestamp(), beat_database = orleans_database(), beat_server = pg_postmaster_start_time()
  where cluster_id = $1 and address = $2 and port = $3 and generation = $4
    and set_config('synchronous_commit', 'off', true) = 'off'
  returning status
)
select orleans_database(), exists (select from beating where status = 6)
