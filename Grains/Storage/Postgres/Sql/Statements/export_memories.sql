-- Purpose: a page of the live memories of a user, in the order in which they were recorded, bounded by count and bytes; at least the first memory.
-- Parameters: $1 tenant, $2 user, $3 the position after which to go on, $4 the instant after which an expiry must lie, $5 the most rows, $6 the most bytes.
-- Rows: as find_memory.sql. Locks: none. Index: ix_memory_user.
select t.position, t.id, t.kind, t.agent, t.user_id, t.session, t.body, t.caption, t.role, t.speaker, t.message_id, t.conversation_id, t.metadata,
  t.occurred_at, t.created_at, t.updated_at, t.expires_at, t.version
from (
  select n.*, sum(n.bytes) over (order by n.position rows unbounded preceding) as running
  from (
    select m.*
    from memory m
    where m.tenant = $1 and m.user_id = $2 and m.state = 0 and (m.expires_at is null or m.expires_at > $4) and m.position > $3
    order by m.position
    limit $5
  ) n
) t
where t.running <= $6 or t.running = t.bytes
order by t.position
