-- Purpose: step of a deletion that cuts forks, and of an erasure, before cut_forks.sql: a fork loses what it copied through a life that goes and has not
--          written since. What was copied from a life between the two stays: whose it is stays too.
-- Parameters: $1 store ids of the lives that go.
-- Rows: none; the count is the number of rows affected. Locks: the rows; the heads are locked by lock_forks.sql. Index: ix_conversation_parent, pk_entry.
with recursive fork as (
  select c.store_id, array[c.store_id] as line
  from conversation c
  where c.parent_id = any($1) and not c.store_id = any($1)
  union all
  select c.store_id, f.line || c.store_id
  from fork f
  join conversation c on c.parent_id = f.store_id
  where not c.store_id = any($1)
)
delete from entry e
using fork f
where e.store_id = f.store_id and e.source_id is not null and not e.source_id = any(f.line)
