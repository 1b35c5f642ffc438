-- Purpose: turns of an owner from which facts are still to be distilled, the lowest position first.
-- Parameters: $1 owner, $2 tenant, $3 agent or null, $4 user or null, $5 session or null, $6 the most rows.
-- Rows: as find_memory.sql. Locks: none. Index: ix_memory_to_extract.
select m.position, m.id, m.kind, m.agent, m.user_id, m.session, m.body, m.caption, m.role, m.speaker, m.message_id, m.conversation_id, m.metadata,
  m.occurred_at, m.created_at, m.updated_at, m.expires_at, m.version
from memory m
where m.owner = $1 and m.state = 0 and m.extracts
  and m.tenant = $2 and m.agent is not distinct from $3 and m.user_id is not distinct from $4 and m.session is not distinct from $5
order by m.position
limit $6
