-- Purpose: where the files of this database are. Parameters: none. Rows: one. Locks: none.
select current_setting('data_directory') || '/base/' || oid from pg_database where datname = current_database()
