-- Purpose: the users of a tenant who use the most bytes.
-- Parameters: $1 tenant, $2 the most rows.
-- Rows: user, conversations, messages, bytes, memories, bytes of memories, the newest turn or change. Locks: none.
-- Index: ix_conversation_tenant or ix_conversation_user, ix_memory_tenant or ix_memory_user: all heads and memories of the tenant are read.
select u.user_id, u.conversations, u.messages, u.bytes, u.memories, u.memory_bytes, u.updated_at
from usage_user u
where u.tenant = $1
order by u.bytes + u.memory_bytes desc, u.user_id collate "C"
limit $2
