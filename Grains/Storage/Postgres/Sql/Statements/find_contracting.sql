-- Purpose: the schema script behind a number that a build which does not know it cannot work with, if there is one.
-- Parameters: $1 the newest number that the build knows.
-- Rows: none or one: the number. Locks: none. Index: pk_schema_version.
select number from schema_version where number > $1 and not expands order by number limit 1
