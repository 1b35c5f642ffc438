-- Purpose: the logs that are to be searched, of one live conversation or of all those of a user, and how far each of their parts is indexed.
-- Parameters: $1 tenant, $2 name or null, $3 user or null, $4 instant. One of $2 and $3 is null.
-- Rows: of each conversation name, store id, instant of creation; then of each part of its log, oldest first, whose rows it is, its first and last sequence (the last less
--   than the first in a log without messages), and how far and by which analysis those rows are indexed (null where they are not).
-- Locks: none. Index: uq_conversation_name, ix_conversation_user, pk_conversation, pk_search_progress.
with recursive searched as (
  select c.*
  from conversation c
  where c.tenant = $1 and c.name = $2 and c.state = 0 and (c.expires_at is null or c.expires_at > $4)
  union all
  select c.*
  from conversation c
  where c.tenant = $1 and c.user_id = $3 and c.state = 0 and (c.expires_at is null or c.expires_at > $4)
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
order by s.store_id, p.own_first
