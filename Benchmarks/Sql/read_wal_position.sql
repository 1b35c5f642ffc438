-- Purpose: how much write-ahead log there is. Parameters: none. Rows: one: bytes, full page images. Locks: none.
-- The position counts what is in the log's buffers as well; the images are counted when a backend reports its statistics.
select (pg_current_wal_insert_lsn() - '0/0')::bigint, (select wal_fpi from pg_stat_wal)
