-- Purpose: removes expired entries of one share of the wheel. One that was set anew since is not among them.
-- Parameters: $1 instant, which the server's clock bounds, $2 slots of the share, $3 the most rows.
-- Rows: one, how many were removed. Locks: their heads, then the rows, skipping those that others hold, so that no turn that locks the other way round is waited for.
-- Index: ix_entry_expires_at, pk_conversation.
with head as materialized (
  select c.store_id
  from conversation c
  where c.store_id = any(array(
    select e.store_id
    from entry e
    where ((e.store_id >> 6) & 255) = any($2)
      and e.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
    limit $3))
  for no key update skip locked
),
gone as (
  delete from entry
  where ctid = any(array(
    select e.ctid
    from entry e
    where ((e.store_id >> 6) & 255) = any($2)
      and e.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
      and e.store_id = any(array(select h.store_id from head h))
    limit $3
    for update skip locked))
  returning store_id, coalesce(bytes, octet_length(value::text)) as bytes
),
shrunk as (
  update conversation c
  set state = c.state, entry_bytes = c.entry_bytes - g.bytes
  from (select g.store_id, sum(g.bytes) as bytes from gone g group by g.store_id) g
  where c.store_id = g.store_id
)
select count(*) from gone
