-- Purpose: all entries of a live conversation, expired ones included.
-- Parameters: $1 tenant, $2 name.
-- Rows: space, key, value, expiry, ordered by space and key. Locks: none. Index: uq_conversation_name, pk_entry.
select e.space, e.key, e.value, e.expires_at
from conversation c
join entry e on e.store_id = c.store_id
where c.tenant = $1 and c.name = $2 and c.state = 0
order by e.space, e.key
