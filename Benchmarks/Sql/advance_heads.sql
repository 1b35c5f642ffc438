-- Purpose: the head updates of the group-commit floor, with no version check.
-- Parameters, in arrays: $1 store id, $2 version, $3 last sequence, $4 instant. Rows: none. Locks: the heads. Index: pk_conversation.
update conversation c
set version = i.version, last_sequence = i.last_sequence, updated_at = i.at
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[]) as i(store_id, version, last_sequence, at)
where c.store_id = i.store_id
