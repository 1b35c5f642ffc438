-- Purpose: which schema scripts were run.
-- Rows: number and checksum, ascending. Locks: none. Index: pk_schema_version.
select number, checksum from schema_version order by number
