-- Purpose: whose rows make up the log of a live conversation, the conversation itself first.
-- Parameters: $1 tenant, $2 name.
-- Rows: store id and the last sequence to read there (null for the conversation itself), and where the rows of that life begin.
-- Locks: none. Index: uq_conversation_name, pk_conversation.
with recursive lineage as (
  select c.store_id, null::bigint as last_sequence, coalesce(c.parent_sequence, 0) + 1 as own_first, c.parent_id, c.parent_sequence, 0 as depth
  from conversation c
  where c.tenant = $1 and c.name = $2 and c.state = 0
  union all
  select p.store_id, least(l.last_sequence, l.parent_sequence), coalesce(p.parent_sequence, 0) + 1, p.parent_id, p.parent_sequence, l.depth + 1
  from lineage l
  join conversation p on p.store_id = l.parent_id
)
select store_id, last_sequence, own_first
from lineage
order by depth
