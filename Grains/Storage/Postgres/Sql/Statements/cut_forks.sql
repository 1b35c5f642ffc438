-- Purpose: third step of a deletion: every fork that shares messages of the deleted lives loses the log up to the newest one that it shares. That is no turn of
--          its own: updated_at, and with it the place in lists, stays.
-- Parameters: $1 store ids of the deleted lives.
-- Rows: tenant, name and state of the forks. Locks: none that lock_forks.sql has not taken. Index: ix_conversation_parent, pk_conversation.
with recursive fork as (
  select c.store_id, c.parent_sequence as shared
  from conversation c
  where c.parent_id = any($1)
  union all
  select c.store_id, least(c.parent_sequence, f.shared)
  from fork f
  join conversation c on c.parent_id = f.store_id
)
update conversation c
set first_sequence = greatest(c.first_sequence, f.shared + 1),
    version = c.version + 1,
    parent_sequence = case when c.parent_id = any($1) then null else c.parent_sequence end,
    parent_id = case when c.parent_id = any($1) then null else c.parent_id end
from fork f
where c.store_id = f.store_id and not c.store_id = any($1)
returning c.tenant, c.name, c.state
