-- Purpose: the next messages of a life that are not indexed, bounded by count and bytes; at least the first one.
-- Parameters: $1 store id, $2 last sequence that is wanted, $3 analysis, $4 the most messages, $5 the most bytes.
-- Rows: sequence, instant, contents, ascending. Locks: none. Index: pk_message, pk_search_progress.
select t.sequence, t.created_at, t.contents
from (
  select n.*, sum(n.bytes) over (order by n.sequence) as running
  from (
    select m.*
    from message m
    where m.store_id = $1
      and m.sequence <= $2
      and m.sequence > coalesce((select g.indexed_through from search_progress g where g.store_id = $1 and g.analysis = $3), 0)
    order by m.sequence
    limit $4
  ) n
) t
where t.running <= $5 or t.running = t.bytes
order by t.sequence
