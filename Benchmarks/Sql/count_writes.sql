-- Purpose: how many rows were ever written to the tables of a schema. Parameters: $1 schema. Rows: one: inserted, updated, deleted. Locks: none.
-- A backend reports what it wrote at the latest when it ends.
select sum(n_tup_ins)::bigint, sum(n_tup_upd)::bigint, sum(n_tup_del)::bigint from pg_stat_user_tables where schemaname = $1
