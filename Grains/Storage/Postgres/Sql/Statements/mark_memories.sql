-- Purpose: where a reader of changes stands who has seen all that is durable now.
-- Rows: one: when the server was started (another start may be another server, whose transaction ids are others), and the snapshot. Locks: none.
select extract(epoch from pg_postmaster_start_time())::text, pg_current_snapshot()::text
