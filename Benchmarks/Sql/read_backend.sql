-- Purpose: the process that serves this connection. Parameters: none. Rows: one: its process id. Locks: none.
select pg_backend_pid()::bigint
