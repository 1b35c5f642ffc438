-- Purpose: owners of turns from which facts are still to be distilled, one row each, the one whose oldest turn is oldest first. It looks at 10,000 owners at most.
-- Parameters: $1 the most rows.
-- Rows: tenant, agent, user, session. Locks: none. Index: ix_memory_to_extract, once per owner.
with recursive waiting as (
  (
    select m.owner, m.position, m.tenant, m.agent, m.user_id, m.session, 1 as place
    from memory m
    where m.state = 0 and m.extracts
    order by m.owner, m.position
    limit 1
  )
  union all
  select n.owner, n.position, n.tenant, n.agent, n.user_id, n.session, w.place + 1
  from waiting w
  cross join lateral (
    select m.owner, m.position, m.tenant, m.agent, m.user_id, m.session
    from memory m
    where m.state = 0 and m.extracts and m.owner > w.owner
    order by m.owner, m.position
    limit 1
  ) n
  where w.place < 10000
)
select w.tenant, w.agent, w.user_id, w.session from waiting w order by w.position limit $1
