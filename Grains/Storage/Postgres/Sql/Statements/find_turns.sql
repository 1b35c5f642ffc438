-- Purpose: what the journal knows of some turn ids.
-- Parameters: $1 store ids, $2 turn ids, in arrays of equal length.
-- Rows: store id, turn id, payload hash, version, first and last sequence of those that are there. Locks: none. Index: pk_turn.
select j.store_id, j.turn_id, j.payload_hash, j.version, j.first_sequence, j.last_sequence
from unnest($1::bigint[], $2::text[]) as i(store_id, turn_id)
cross join lateral (select * from turn t where t.store_id = i.store_id and t.turn_id = i.turn_id offset 0) j
