-- Purpose: sets the life under a key aside when it has expired, before a fork or an import takes the key.
-- Parameters: $1 tenant, $2 name, $3 instant, which the server's clock bounds, $4 the life that is to take the key: where it has the key already, it keeps it.
-- Rows: none. Locks: the row. Index: uq_conversation_name.
update conversation
set state = 2
where tenant = $1 and name = $2 and state = 0 and store_id <> $4
  and expires_at <= least($3, now() + coalesce(current_setting('orleans_memory.turn_ahead', true), '0')::interval)
