-- Purpose: first step of a deletion: locks the live and the replaced lives of a key.
-- Parameters: $1 tenant, $2 name.
-- Rows: store id, state, expiry, version and beginning, ordered by id. Locks: those rows. Index: uq_conversation_name, ix_conversation_replaced.
select c.store_id, c.state, c.expires_at, c.version, c.created_at
from conversation c
where c.store_id = any(array(
  select a.store_id from conversation a where a.tenant = $1 and a.name = $2 and a.state = 0
  union all
  select b.store_id from conversation b where b.state = 2 and b.tenant = $1 and b.name = $2
))
order by c.store_id
for update
