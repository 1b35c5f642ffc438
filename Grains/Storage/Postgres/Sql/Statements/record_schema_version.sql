-- Purpose: records that a schema script was run.
-- Parameters: $1 number, $2 name, $3 checksum.
-- Rows: none. Locks: the new row.
insert into schema_version (number, name, checksum) values ($1, $2, $3)
