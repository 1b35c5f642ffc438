-- Purpose: what tenants use.
-- Parameters: $1 tenants.
-- Rows: tenant, conversations, messages, bytes, memories, bytes of memories; none for one that never had anything. Locks: none. Index: pk_usage_total, ix_usage_change_tenant.
select u.tenant, u.conversations, u.messages, u.bytes, u.memories, u.memory_bytes
from usage_tenant u
where u.tenant = any($1)
