-- Purpose: publishes an import whose messages are all there, as version 1. A taken key raises a violation of uq_conversation_name.
-- Parameters: $1 store id, $2 tenant, $3 name, $4 instant.
-- Rows: the store id, or none when it is not complete. Locks: the head. Index: pk_conversation, pk_import, uq_conversation_name.
with done as (
  delete from import i
  using conversation c
  where i.store_id = $1 and c.store_id = $1 and c.tenant = $2 and c.name = $3 and c.state = 1 and c.last_sequence = i.last_sequence
  returning i.store_id
)
update conversation c
set state = 0,
    version = 1,
    created_at = $4,
    updated_at = $4,
    listed_at = $4,
    expires_at = coalesce(c.expires_at, $4 + c.ttl_microseconds * interval '1 microsecond')
from done d
where c.store_id = d.store_id
returning c.store_id
