-- Purpose: second step of a deletion: locks every fork that shares messages of the deleted lives, and forks of forks. It is repeated until it finds
--          no more of them: a fork of a fork that was being made is seen only once it is committed, and a locked fork cannot be forked.
-- Parameters: $1 store ids of the deleted lives.
-- Rows: store ids, ordered. Locks: those heads. Index: ix_conversation_parent, pk_conversation.
with recursive fork as (
  select c.store_id
  from conversation c
  where c.parent_id = any($1)
  union
  select c.store_id
  from fork f
  join conversation c on c.parent_id = f.store_id
)
select c.store_id
from conversation c
where c.store_id = any(array(select f.store_id from fork f))
order by c.store_id
for update
