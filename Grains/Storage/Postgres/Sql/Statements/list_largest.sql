-- Purpose: the largest conversations of a tenant.
-- Parameters: $1 tenant, $2 the most rows.
-- Rows: id, user, agent, messages, turns, bytes, instants of the first and the newest turn, expiry. Locks: none. Index: ix_conversation_tenant: all heads of the tenant are read.
select u.conversation, u.user_id, u.agent_id, u.messages, u.turns, u.bytes, u.created_at, u.updated_at, u.expires_at
from usage_conversation u
where u.tenant = $1
order by u.bytes desc, u.conversation
limit $2
