-- Purpose: what tells how durable and how large the server is. Parameters: none. Rows: name, value. Locks: none.
select 'version', version()
union all
select name, current_setting(name) from pg_settings
where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'wal_compression', 'shared_buffers', 'max_wal_size', 'autovacuum')
