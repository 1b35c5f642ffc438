-- Purpose: lets one migrator at a time work on a schema.
-- Parameters: $1 a name for the schema's lock.
-- Rows: one, void. Locks: an advisory lock until the end of the transaction.
select pg_advisory_xact_lock(hashtextextended($1, 0))
