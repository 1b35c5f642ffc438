-- Purpose: asks whether the database answers and our tables are there.
-- Rows: one. Locks: none. Index: pk_schema_version.
select max(number) from schema_version
