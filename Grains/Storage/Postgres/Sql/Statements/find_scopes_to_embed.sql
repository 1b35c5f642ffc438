-- Purpose: owners of memories without a vector, one row each.
-- Parameters: $1 the most rows.
-- Rows: tenant, agent, user, session. Locks: none. Index: ix_memory_to_embed, once per owner.
with recursive waiting as (
  (
    select m.owner, m.tenant, m.agent, m.user_id, m.session from memory m where m.state = 0 and not m.embedded order by m.owner, m.position limit 1
  )
  union all
  select n.owner, n.tenant, n.agent, n.user_id, n.session
  from waiting w
  cross join lateral (
    select m.owner, m.tenant, m.agent, m.user_id, m.session
    from memory m
    where m.state = 0 and not m.embedded and m.owner > w.owner
    order by m.owner, m.position
    limit 1
  ) n
)
select w.tenant, w.agent, w.user_id, w.session from waiting w limit $1
