-- Purpose: sets the life under a key aside when it has expired, before a fork or an import takes the key.
-- Parameters: $1 tenant, $2 name, $3 instant, $4 the life that is to take the key: where it has the key already, it keeps it.
-- Rows: none. Locks: the row. Index: uq_conversation_name.
update conversation set state = 2 where tenant = $1 and name = $2 and state = 0 and expires_at <= $3 and store_id <> $4
