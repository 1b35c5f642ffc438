-- Purpose: first step of applying what was distilled: memories of an owner that are neither deleted nor retired.
-- Parameters: $1 ids, $2 tenant, $3 agent or null, $4 user or null, $5 session or null.
-- Rows: whether facts are still to be distilled from it, then as find_memory.sql. Locks: the rows, in the order of their positions. Index: pk_memory.
select m.extracts, m.position, m.id, m.kind, m.agent, m.user_id, m.session, m.body, m.caption, m.role, m.speaker, m.message_id, m.conversation_id, m.metadata,
  m.occurred_at, m.created_at, m.updated_at, m.expires_at, m.version
from memory m
where m.id = any($1) and m.state = 0
  and m.tenant = $2 and m.agent is not distinct from $3 and m.user_id is not distinct from $4 and m.session is not distinct from $5
order by m.position
for update
