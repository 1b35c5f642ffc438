-- Purpose: the head of a live conversation, with the name of what it was forked from where that is still there.
-- Parameters: $1 tenant, $2 name.
-- Rows: none or one. Locks: none. Index: uq_conversation_name, pk_conversation.
select c.store_id, c.version, c.first_sequence, c.last_sequence, c.user_id, c.agent_id, c.title, c.metadata, c.ttl_microseconds,
  c.ttl_sliding, c.created_at, c.updated_at, c.expires_at, c.parent_id, c.parent_sequence, case when p.state = 0 then p.name end
from conversation c
left join conversation p on p.store_id = c.parent_id
where c.tenant = $1 and c.name = $2 and c.state = 0
