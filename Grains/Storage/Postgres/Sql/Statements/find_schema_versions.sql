-- Purpose: whether the list of schema scripts is there.
-- Rows: one. Locks: none.
select to_regclass('schema_version') is not null
