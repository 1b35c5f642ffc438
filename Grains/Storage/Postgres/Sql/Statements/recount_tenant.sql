-- Purpose: counts a tenant anew from the heads of its lives and from its memories, in place of what was noted. What is noted by transactions that this one does not see is not in the
--          count either, and stays.
-- Parameters: $1 tenant.
-- Rows: as read_usage.sql. Locks: that of lock_usage.sql is held; the rows. Index: ix_conversation_tenant, ix_memory_tenant, ix_usage_change_tenant, pk_usage_total.
with noted as (
  delete from usage_change where tenant = $1
),
lives as materialized (
  select count(*) filter (where c.state = 0 and c.message_bytes is not null) as conversations,
    coalesce(sum(c.last_sequence - c.first_sequence + 1) filter (where c.state = 0 and c.message_bytes is not null), 0) as messages,
    coalesce(sum(c.message_bytes + c.entry_bytes), 0) as bytes
  from conversation c
  where c.tenant = $1
),
facts as materialized (
  select count(*) as memories, coalesce(sum(m.bytes), 0) as bytes from memory m where m.tenant = $1 and m.state = 0
)
insert into usage_total (tenant, conversations, messages, bytes, memories, memory_bytes)
select $1, l.conversations, l.messages, l.bytes, f.memories, f.bytes
from lives l, facts f
on conflict (tenant) do update
set conversations = excluded.conversations, messages = excluded.messages, bytes = excluded.bytes, memories = excluded.memories, memory_bytes = excluded.memory_bytes
returning tenant, conversations, messages, bytes, memories, memory_bytes
