-- Purpose: first statement of a step that removes lives: picks one that was replaced and that no fork shares, or an import that was abandoned. No one
--          can index it from now on, and sweep_lives.sql, with a snapshot of its own, sees what was indexed before.
-- Parameters: $1 imports begun before this instant are abandoned.
-- Rows: store id and state (1 import, 2 replaced life), or none when there is nothing to do.
-- Locks: the head, skipping those that others hold. Index: ix_conversation_replaced, ix_import_begun_at, ix_conversation_parent, pk_conversation.
select c.store_id, c.state
from conversation c
where c.store_id = any(array(
  (select r.store_id from conversation r
   where r.state = 2 and not exists (select 1 from conversation f where f.parent_id = r.store_id) order by r.store_id limit 1)
  union all
  (select i.store_id from import i where i.begun_at < $1 order by i.begun_at limit 1)
))
order by c.store_id
limit 1
for update skip locked
