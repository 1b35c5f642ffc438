-- Purpose: the log of a live conversation that is to be searched, and how far each of its parts is indexed.
-- Parameters: $1 tenant, $2 name, $3 instant.
-- Rows: name, store id, instant of creation; then of each part of the log, oldest first, whose rows it is, its first and last sequence (the last less
--   than the first in a log without messages), and how far and by which analysis those rows are indexed (null where they are not).
-- Locks: none. Index: uq_conversation_name, pk_conversation, pk_search_progress.
with recursive searched as (
  select c.*
  from conversation c
  where c.tenant = $1 and c.name = $2 and c.state = 0 and (c.expires_at is null or c.expires_at > $3)
),
part as (
  select s.store_id, s.store_id as holder, coalesce(s.parent_sequence, 0) + 1 as own_first, s.last_sequence, s.parent_id, s.parent_sequence,
    s.first_sequence
  from searched s
  union all
  select p.store_id, c.store_id, coalesce(c.parent_sequence, 0) + 1, least(p.last_sequence, p.parent_sequence), c.parent_id, c.parent_sequence,
    p.first_sequence
  from part p
  join conversation c on c.store_id = p.parent_id
  where least(p.last_sequence, p.parent_sequence) >= p.first_sequence
)
select s.name, s.store_id, s.created_at, p.holder, greatest(p.own_first, p.first_sequence), p.last_sequence, g.indexed_through, g.analysis
from searched s
join part p on p.store_id = s.store_id
left join search_progress g on g.store_id = p.holder
order by p.own_first
