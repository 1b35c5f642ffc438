-- Purpose: step of a deletion that cuts forks, and of an erasure, before cut_forks.sql: a fork loses what it copied through a life that goes and has not
--          written since. What was copied from a life between the two stays: whose it is stays too.
-- Parameters: $1 store ids of the lives that go.
-- Rows: one, how many were removed. Locks: the rows; the heads are locked by lock_forks.sql. Index: ix_conversation_parent, pk_entry.
with recursive fork as (
  select c.store_id, array[c.store_id] as line
  from conversation c
  where c.parent_id = any($1) and not c.store_id = any($1)
  union all
  select c.store_id, f.line || c.store_id
  from fork f
  join conversation c on c.parent_id = f.store_id
  where not c.store_id = any($1)
),
gone as (
  delete from entry e
  using fork f
  where e.store_id = f.store_id and e.source_id is not null and not e.source_id = any(f.line)
  returning e.store_id, coalesce(e.bytes, octet_length(e.value::text)) as bytes
),
shrunk as (
  update conversation c
  set state = c.state, entry_bytes = c.entry_bytes - g.bytes
  from (select g.store_id, sum(g.bytes) as bytes from gone g group by g.store_id) g
  where c.store_id = g.store_id
)
select count(*) from gone
