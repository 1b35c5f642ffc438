-- Purpose: saves vectors of what memories say, in place of those that they had, and lets readers of changes learn of it. Other versions are left out.
-- Parameters: $1 tenant, $2 model, then one element per vector: $3 ids, $4 versions, $5 vectors; each id once.
-- Rows: the ids of those that were saved. Locks: the memories, in the order of their positions. Index: pk_memory, pk_memory_vector.
with matching as materialized (
  select m.id, m.owner, g.vector
  from unnest($3::uuid[], $4::bigint[], $5::bytea[]) g(id, version, vector)
  join memory m on m.id = g.id
  where m.tenant = $1 and m.state = 0 and m.version = g.version
  order by m.position
  for update of m
),
saved as (
  insert into memory_vector (memory_id, owner, model, vector)
  select x.id, x.owner, $2, x.vector from matching x
  on conflict (memory_id) do update set model = excluded.model, vector = excluded.vector
),
marked as (
  update memory m set embedded = true, changed = pg_current_xact_id() from matching x where m.id = x.id returning m.id
)
select k.id from marked k
