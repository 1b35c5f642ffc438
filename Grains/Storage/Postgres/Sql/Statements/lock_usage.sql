-- Purpose: first statement of a transaction that moves changes into totals: one at a time. The next statement's snapshot is taken after it.
-- Parameters: none. Rows: none of interest. Locks: an advisory lock until the end of the transaction. Index: none.
select pg_advisory_xact_lock(hashtextextended('orleans_memory.usage', 0))
