-- Purpose: writes down how what was begun has ended.
-- Parameters: $1 the id of the row, $2 the instant, $3 counts as JSON or null.
-- Rows: none. Locks: the row. Index: pk_audit.
update audit set completed_at = $2, counts = $3 where id = $1
