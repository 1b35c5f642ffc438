-- Purpose: a page of what a scope shows, the highest position first, bounded by count and bytes; at least the first memory.
-- {lead} is the column of one of the scope's names, put in when the statement is loaded, so that a plan for any values enters through that name's index.
-- Parameters: $1 tenant, $2 the leading name, $3 agent or null, $4 user or null, $5 session or null, $6 the position to stay below, $7 the most rows,
--   $8 the most bytes, $9 the model of the vectors or null.
-- Rows: as find_memory.sql, then the vector. Locks: none. Index: that of {lead} by position; pk_memory_vector.
select t.position, t.id, t.kind, t.agent, t.user_id, t.session, t.body, t.caption, t.role, t.speaker, t.message_id, t.conversation_id, t.metadata,
  t.occurred_at, t.created_at, t.updated_at, t.expires_at, t.version, v.vector
from (
  select n.*, sum(n.bytes) over (order by n.position desc rows unbounded preceding) as running
  from (
    select m.*
    from memory m
    where m.tenant = $1 and m.{lead} = $2
      and ($3::text is null or m.agent = $3) and ($4::text is null or m.user_id = $4) and ($5::text is null or m.session = $5)
      and m.state = 0 and m.position < $6
    order by m.position desc
    limit $7
  ) n
) t
left join memory_vector v on v.memory_id = t.id and v.model = $9
where t.running <= $8 or t.running = t.bytes
order by t.position desc
