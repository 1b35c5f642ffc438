-- Purpose: removes what is left of memories that were deleted long ago.
-- Parameters: $1 the instant before which they were, $2 the most rows.
-- Rows: none. Locks: the rows; those that are locked are left out. Index: ix_memory_gone_at, pk_memory.
delete from memory m
where m.id = any(array(select g.id from memory g where g.gone_at < $1 order by g.gone_at limit $2 for update skip locked))
