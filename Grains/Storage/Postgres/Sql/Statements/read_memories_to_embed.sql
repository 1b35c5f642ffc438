-- Purpose: memories of an owner that have no vector, or one of other models, the lowest position first.
-- Parameters: $1 owner, $2 tenant, $3 agent or null, $4 user or null, $5 session or null, $6 the other models, $7 the most rows.
-- Rows: as find_memory.sql. Locks: none. Index: ix_memory_to_embed, ix_memory_vector_model, pk_memory.
select t.position, t.id, t.kind, t.agent, t.user_id, t.session, t.body, t.caption, t.role, t.speaker, t.message_id, t.conversation_id, t.metadata,
  t.occurred_at, t.created_at, t.updated_at, t.expires_at, t.version
from (
  (
    select m.* from memory m where m.owner = $1 and m.state = 0 and not m.embedded order by m.position limit $7
  )
  union all
  (
    select m.*
    from unnest($6::text[]) o(model)
    join memory_vector v on v.model = o.model and v.owner = $1
    join memory m on m.id = v.memory_id and m.state = 0
    limit $7
  )
) t
where t.tenant = $2 and t.agent is not distinct from $3 and t.user_id is not distinct from $4 and t.session is not distinct from $5
order by t.position
limit $7
