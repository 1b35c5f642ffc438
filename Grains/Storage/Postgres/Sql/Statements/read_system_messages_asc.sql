-- Purpose: system messages of one life in a range, ascending, bounded by count and bytes; at least the first one.
-- The role is written out: with a parameter the partial index could not be used.
-- Parameters: $1 store id, $2 first and $3 last sequence, $4 the most messages, $5 the most bytes.
-- Rows: sequence, message id, role, author, contents, metadata, instant, bytes, and how many
--   there would be if bytes were not bounded. Locks: none. Index: ix_message_system.
select t.sequence, t.message_id, t.role, t.author, t.contents, t.metadata, t.created_at, t.bytes, t.candidates
from (
  select n.*, sum(n.bytes) over (order by n.sequence asc) as running, count(*) over () as candidates
  from (
    select m.*
    from message m
    where m.store_id = $1 and m.sequence between $2 and $3 and m.role = 'system'
    order by m.sequence asc
    limit $4
  ) n
) t
where t.running <= $5 or t.running = t.bytes
order by t.sequence asc
