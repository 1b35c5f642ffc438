-- Purpose: what was done to a table. Parameters: $1 schema, $2 table. Rows: one: updated, of these without a new index entry (HOT), live rows, dead rows, vacuums by the server.
-- Locks: none. A backend reports what it wrote at the latest when it ends.
select n_tup_upd, n_tup_hot_upd, n_live_tup, n_dead_tup, autovacuum_count from pg_stat_user_tables where schemaname = $1 and relname = $2
