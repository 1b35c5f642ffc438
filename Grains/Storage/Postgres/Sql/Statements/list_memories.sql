-- Purpose: a page of the live memories of a tenant, the highest position first, bounded by count and bytes; at least the first memory.
-- Parameters: $1 tenant, $2 agent or null, $3 user or null, $4 session or null, $5 kind or null, $6 labels that all must be there, $7 the instant after which an
--   expiry must lie, $8 the position to stay below, $9 the most rows, $10 the most bytes.
-- Rows: as find_memory.sql. Locks: none. Index: ix_memory_tenant, ix_memory_agent, ix_memory_user, ix_memory_session or ix_memory_labels.
-- It is planned for its values (plan_for_values.sql): which index is right depends on them.
select t.position, t.id, t.kind, t.agent, t.user_id, t.session, t.body, t.caption, t.role, t.speaker, t.message_id, t.conversation_id, t.metadata,
  t.occurred_at, t.created_at, t.updated_at, t.expires_at, t.version
from (
  select n.*, sum(n.bytes) over (order by n.position desc rows unbounded preceding) as running
  from (
    select m.*
    from memory m
    where m.tenant = $1 and m.state = 0
      and ($2::text is null or m.agent = $2) and ($3::text is null or m.user_id = $3) and ($4::text is null or m.session = $4)
      and ($5::int is null or m.kind = $5)
      and (cardinality($6::text[]) = 0 or m.labels @> $6)
      and (m.expires_at is null or m.expires_at > $7)
      and m.position < $8
    order by m.position desc
    limit $9
  ) n
) t
where t.running <= $10 or t.running = t.bytes
order by t.position desc
