-- Purpose: the time of some conversations is over. Parameters: $1 tenants and $2 names, in arrays of equal length. Rows: none. Locks: the heads. Index: uq_conversation_name.
update conversation c set expires_at = now() - interval '1 hour'
from unnest($1::text[], $2::text[]) i(tenant, name) where c.tenant = i.tenant and c.name = i.name and c.state = 0
