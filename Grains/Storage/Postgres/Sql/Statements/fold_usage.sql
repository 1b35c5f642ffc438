-- Purpose: moves the oldest changes into the totals. Whoever reads sees each change once, here or there.
-- Parameters: $1 the most changes.
-- Rows: how many were moved. Locks: that of lock_usage.sql is held; the rows. Index: pk_usage_change, pk_usage_total.
with moved as (
  delete from usage_change
  where id = any(array(select c.id from usage_change c order by c.id limit $1))
  returning tenant, conversations, messages, bytes, memories, memory_bytes
),
folded as (
  insert into usage_total (tenant, conversations, messages, bytes, memories, memory_bytes)
  select m.tenant, sum(m.conversations), sum(m.messages), sum(m.bytes), sum(m.memories), sum(m.memory_bytes)
  from moved m
  group by m.tenant
  on conflict (tenant) do update
  set conversations = usage_total.conversations + excluded.conversations,
      messages = usage_total.messages + excluded.messages,
      bytes = usage_total.bytes + excluded.bytes,
      memories = usage_total.memories + excluded.memories,
      memory_bytes = usage_total.memory_bytes + excluded.memory_bytes
)
select count(*) from moved
