-- Purpose: sets expired lives aside, before start_lives.sql takes their keys. One that was touched since it was seen stays, and keeps its key.
-- Parameters: $1 store ids, $2 versions seen, $3 instants, which the server's clock bounds.
-- Rows: none. Locks: the rows set aside. Index: pk_conversation.
update conversation c
set state = 2
from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as i(store_id, version, at)
where c.store_id = any($1) and c.store_id = i.store_id and c.version = i.version and c.state = 0
  and c.expires_at <= least(i.at, now() + coalesce(current_setting('orleans_memory.turn_ahead', true), '0')::interval)
