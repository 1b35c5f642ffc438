-- Purpose: the journal rows of the group-commit floor.
-- Parameters, in arrays: $1 store id, $2 version, $3 first and $4 last sequence, $5 instant, $6 payload hash, $7 turn id. Rows: none. Locks: none.
insert into turn (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::bytea[], $7::text[])
