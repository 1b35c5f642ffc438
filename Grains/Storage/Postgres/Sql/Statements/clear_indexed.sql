-- Purpose: makes room for rows that are indexed anew.
-- Parameters: $1 store id, $2 last sequence that is indexed now, $3 analysis.
-- Rows: none. Locks: the rows. Index: pk_message_search, pk_search_progress.
delete from message_search s
where s.store_id = $1
  and s.sequence <= $2
  and s.sequence > coalesce((select g.indexed_through from search_progress g where g.store_id = $1 and g.analysis = $3), 0)
