-- Purpose: the states of the tenants that have set API keys.
-- Parameters: $1 service.
-- Rows: key of the tenant's grain; its state, JSON in UTF-8 without white space. A state that only looks as if it had keys may be among them.
-- Locks: none. Index: pk_grain_state, over the states of all tenants that have set anything.
select key_text, payload
from grain_state
where service_id = $1 and state_name = 'tenant' and payload is not null
  and (position('"apiKeyHashes":["'::bytea in payload) > 0 or position('"apiKeys":[{'::bytea in payload) > 0)
