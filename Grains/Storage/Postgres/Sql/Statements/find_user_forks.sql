-- Purpose: third step of the erasure of a user, after lock_forks.sql: the user's own forks, whenever they were made: their entries are copies.
-- Parameters: $1 store ids of the locked lives, $2 user.
-- Rows: store id, name and 0. Locks: none that lock_forks.sql has not taken. Index: ix_conversation_parent, pk_conversation.
with recursive fork as (
  select c.store_id
  from conversation c
  where c.parent_id = any($1)
  union
  select c.store_id
  from fork f
  join conversation c on c.parent_id = f.store_id
)
select c.store_id, c.name, 0::bigint
from conversation c
where c.store_id in (select f.store_id from fork f) and c.user_id = $2
