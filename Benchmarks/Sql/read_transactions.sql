-- Purpose: how many writing transactions were ever begun. Parameters: none. Rows: one: their number. Locks: none.
select pg_snapshot_xmax(pg_current_snapshot())::text::bigint
