-- Purpose: forgets turn ids that are older than the window.
-- Parameters: $1 instant, $2 the most rows.
-- Rows: none; the count is the number of rows affected. Locks: the rows, skipping those that others hold. Index: ix_turn_committed_at.
delete from turn
where ctid = any(array(select t.ctid from turn t where t.committed_at < $1 order by t.committed_at limit $2 for update skip locked))
