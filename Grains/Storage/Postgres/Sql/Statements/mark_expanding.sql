-- Purpose: records of a schema script that was run that builds which do not know it go on working.
-- Parameters: $1 number.
-- Rows: none. Locks: the row. Index: pk_schema_version.
update schema_version set expands = true where number = $1
