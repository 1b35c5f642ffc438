-- Purpose: adds the next messages to an import that has got exactly to the one before them and has announced as many.
-- Parameters: $1 store id, $2 tenant, $3 name; messages: $4 sequence, $5 instant, $6 bytes, $7 role, $8 message id, $9 author, $10 contents,
--   $11 metadata, $12 tool links; $13 first and $14 last sequence of the chunk.
-- Rows: none. Locks: the import's head. Index: pk_conversation, pk_import.
with head as (
  update conversation
  set last_sequence = $14, state = state, message_bytes = message_bytes + (select sum(b.bytes) from unnest($6::integer[]) as b(bytes))
  where store_id = $1 and tenant = $2 and name = $3 and state = 1 and last_sequence = $13 - 1
    and $14 <= (select i.last_sequence from import i where i.store_id = $1)
  returning store_id
)
insert into message (store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
select h.store_id, m.sequence, m.created_at, m.bytes, m.role, m.message_id, m.author, m.contents, m.metadata, m.tool_links
from head h
cross join unnest($4::bigint[], $5::timestamptz[], $6::integer[], $7::text[], $8::text[], $9::text[], $10::json[], $11::json[], $12::json[])
  as m(sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
