-- Purpose: a page of the live conversations of a tenant, newest first, as of the first page of a walk: one that has got turns since then stands where it stood
--          before them, so that later pages neither miss nor repeat it.
-- Parameters: $1 tenant, $2 user or null, $3 agent or null, $4 labels that all must be there, $5 the instant after which an expiry must lie, $6 the most rows;
--   for a later page: $7 the first transaction id that was not given yet when the first page was read (null for the first page itself), $8 the
--   transactions that were running then, in 32 bits, $9 an instant after which all turns lie that were not durable then, $10 place and $11 store id of the
--   last row that was seen; $12 the conversation whose forks are wanted, or null.
-- Rows: as load_head.sql, then name, place, and the snapshot that was read. Locks: none.
-- Index: ix_conversation_user, ix_conversation_agent, ix_conversation_listed_at, ix_conversation_labels or ix_conversation_parent; pk_turn, pk_conversation.
-- It is planned for its values (plan_for_values.sql): which index is right depends on them.
--
-- listed_at lags behind updated_at by at most a minute: among as many rows as are wanted, taken by listed_at, the last one tells how far down the wanted ones can be.
-- xmin tells which transaction wrote a row, in 32 bits of 64. It is compared as PostgreSQL does it, round a circle: right for all rows that are not two billion
-- transactions old, and others are not as young as $9. A head that was written since may have got no turn (a deletion cut a fork): it stands where it stood.
with listed as not materialized (
  select c.store_id, c.listed_at, c.updated_at,
    ((c.xmin::text::bigint - $7::bigint) & 4294967295) < 2147483648 or c.xmin::text::bigint = any($8::bigint[]) as written_since
  from conversation c
  where c.tenant = $1 and c.state = 0
    and ($2::text is null or c.user_id = $2)
    and ($3::text is null or c.agent_id = $3)
    and (cardinality($4::text[]) = 0 or c.labels @> $4)
    and ($12::text is null or c.parent_id = (select o.store_id from conversation o where o.tenant = $1 and o.name = $12 and o.state = 0))
    and (c.expires_at is null or c.expires_at > $5)
),
unmoved as not materialized (
  select l.store_id, l.listed_at, l.updated_at
  from listed l
  where $7::bigint is null
    or (l.listed_at <= $10 and (l.updated_at, l.store_id) < ($10, $11) and (l.updated_at <= $9 or not l.written_since))
),
lowest as materialized (
  select min(n.listed_at) - interval '1 minute' as listed_at
  from (select u.listed_at from unmoved u order by u.listed_at desc, u.store_id desc limit $6) n
),
moved as (
  select l.store_id, m.placed
  from listed l
  cross join lateral (
    -- The first turn since then knows where the conversation stood. One that began the life knows of no place: the conversation is not part of the walk.
    select case when count(*) = 0 then l.updated_at else (array_agg(t.previous_at order by t.version))[1] end as placed
    from turn t
    where t.store_id = l.store_id and t.committed_at > $9
      and (((t.xmin::text::bigint - $7) & 4294967295) < 2147483648 or t.xmin::text::bigint = any($8))
  ) m
  where $7::bigint is not null and l.listed_at > $9 - interval '1 minute' and l.updated_at > $9 and l.written_since
),
page as (
  (
    select u.store_id, u.updated_at as placed
    from unmoved u
    where u.listed_at >= (select l.listed_at from lowest l)
    order by u.updated_at desc, u.store_id desc
    limit $6
  )
  union all
  select m.store_id, m.placed from moved m where (m.placed, m.store_id) < ($10, $11)
  order by placed desc, store_id desc
  limit $6
)
select c.store_id, c.version, c.first_sequence, c.last_sequence, c.user_id, c.agent_id, c.title, c.metadata, c.ttl_microseconds,
  c.ttl_sliding, c.created_at, c.updated_at, c.expires_at, c.parent_id, c.parent_sequence,
  case when p.state = 0 then p.name end, c.name, l.placed, pg_current_snapshot()::text
from page l
join conversation c on c.store_id = l.store_id
left join conversation p on p.store_id = c.parent_id
order by l.placed desc, l.store_id desc
