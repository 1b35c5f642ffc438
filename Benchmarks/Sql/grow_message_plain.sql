-- Purpose: messages behind all others, without anything else. Parameters: $1 first conversation, $2 how many. Rows: none. Locks: none.
insert into message_plain (store_id, sequence, created_at, bytes, role, message_id, contents)
select i, 1, now(), 331, 'user', md5('g' || i), ('[{"$type":"text","text":"' || rpad(md5(i::text), 300, ' memory of the conversation that we had') || '"}]')::json
from generate_series($1::bigint, $1::bigint + $2::bigint - 1) i
