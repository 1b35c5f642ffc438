-- Purpose: first step of the erasure of a user: locks lives of the user that began up to an instant: conversations, expired ones that are not removed
--          yet, and imports that are not completed. Whose they are is asked again under the lock.
-- Parameters: $1 tenant, $2 user, $3 instant, $4 the most lives of each kind.
-- Rows: store id, name and about how many rows it has, ordered by id. Locks: the heads. Index: that of conversations by user; ix_conversation_replaced, pk_import, pk_conversation.
select c.store_id, c.name, c.version + c.last_sequence - coalesce(c.parent_sequence, 0)
from conversation c
where c.store_id = any(array(
    (select a.store_id from conversation a where a.tenant = $1 and a.user_id = $2 and a.state = 0 and a.created_at <= $3 limit $4)
    union all
    (select r.store_id from conversation r where r.state = 2 and r.tenant = $1 and r.user_id = $2 and r.created_at <= $3 limit $4)
    union all
    (select b.store_id from import i join conversation b on b.store_id = i.store_id
     where b.tenant = $1 and b.user_id = $2 and b.created_at <= $3 limit $4)
  ))
  and c.tenant = $1 and c.user_id = $2 and c.created_at <= $3
order by c.store_id
for update
