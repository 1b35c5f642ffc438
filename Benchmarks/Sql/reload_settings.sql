-- Purpose: the server reads its settings again. Parameters: none. Rows: one. Locks: none.
select pg_reload_conf()
