-- Purpose: owners of memories with vectors of a model, one row each.
-- Parameters: $1 the model, $2 the most rows.
-- Rows: tenant, agent, user, session. Locks: none. Index: ix_memory_vector_model, once per owner; pk_memory.
with recursive known as (
  (select v.owner, v.memory_id from memory_vector v where v.model = $1 order by v.owner, v.memory_id limit 1)
  union all
  select n.owner, n.memory_id
  from known k
  cross join lateral (
    select v.owner, v.memory_id from memory_vector v where v.model = $1 and v.owner > k.owner order by v.owner, v.memory_id limit 1
  ) n
)
select m.tenant, m.agent, m.user_id, m.session from (select k.memory_id from known k limit $2) o join memory m on m.id = o.memory_id
