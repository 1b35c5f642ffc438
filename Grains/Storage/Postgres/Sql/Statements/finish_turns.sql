-- Purpose: marks turns that are locked as done with. Readers of changes see no difference.
-- Parameters: $1 ids.
-- Rows: none. Locks: none besides. Index: pk_memory.
update memory m set extracts = false where m.id = any($1)
