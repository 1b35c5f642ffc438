-- Purpose: the messages of the group-commit floor.
-- Parameters, in arrays: $1 store id, $2 sequence, $3 instant, $4 bytes, $5 role, $6 message id, $7 contents. Rows: none. Locks: none.
insert into message (store_id, sequence, created_at, bytes, role, message_id, contents)
select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::text[], $6::text[], $7::json[])
