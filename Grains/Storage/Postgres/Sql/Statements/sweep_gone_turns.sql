-- Purpose: forgets the ids of turns that were deleted or erased longer ago than the window.
-- Parameters: $1 instant, $2 the most rows.
-- Rows: none; the count is the number of rows affected. Locks: the rows, skipping those that others hold. Index: ix_gone_turn_gone_at.
delete from gone_turn
where ctid = any(array(select g.ctid from gone_turn g where g.gone_at < $1 order by g.gone_at limit $2 for update skip locked))
