-- Purpose: removes what was counted for days long ago.
-- Parameters: $1 the first day that is kept, $2 the most rows.
-- Rows: none; the count is the number of rows affected. Locks: the rows. Index: ix_usage_day_day.
delete from usage_day where ctid = any(array(select d.ctid from usage_day d where d.day < $1 limit $2 for update skip locked))
