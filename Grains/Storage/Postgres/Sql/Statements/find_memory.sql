-- Purpose: one memory that is neither deleted nor retired.
-- Parameters: $1 tenant, $2 id.
-- Rows: none or one: position, id, kind, agent, user, session, text, caption, role, speaker, message id, conversation, metadata, when it was said, recorded and
--   changed, expiry, version. Locks: none. Index: pk_memory.
select m.position, m.id, m.kind, m.agent, m.user_id, m.session, m.body, m.caption, m.role, m.speaker, m.message_id, m.conversation_id, m.metadata,
  m.occurred_at, m.created_at, m.updated_at, m.expires_at, m.version
from memory m
where m.id = $2 and m.tenant = $1 and m.state = 0
