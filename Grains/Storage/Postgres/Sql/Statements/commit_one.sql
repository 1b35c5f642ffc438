-- Purpose: commit_turns for a batch of one turn that does nothing but append messages, as one caller by itself has it.
-- Parameters: head     $1 store id, $2 expected version, $3 version after, $4 first and $5 last sequence after, $6 instant, $7 expiry or null
--             turn     $8 turn id, $9 payload hash, $10 first and $11 last sequence or null, $12 updated_at before the turn or null
--             messages $13 sequence, $14 instant, $15 bytes, $16 role, $17 message id, $18 author, $19 contents, $20 metadata, $21 tool links, in arrays of equal
--          length; an empty one stands for nulls
-- Rows: the store id, if it was written. A turn id that the journal has already violates pk_turn, and nothing is written.
-- Locks: the head. Index: pk_conversation, pk_turn. No index has a column that changes at every turn (HOT).
with written as (
  update conversation c
  set version = $3::bigint,
      first_sequence = $4::bigint,
      last_sequence = $5::bigint,
      updated_at = greatest(c.updated_at, $6::timestamptz),
      listed_at = case when $6::timestamptz > c.listed_at + interval '1 minute' then $6::timestamptz else c.listed_at end,
      expires_at = $7::timestamptz
  where c.store_id = $1::bigint and c.version = $2::bigint and c.state < 1
  returning c.store_id
),
journalled as (
  insert into turn (store_id, turn_id, payload_hash, version, first_sequence, last_sequence, committed_at, previous_at)
  select $1::bigint, $8::text, $9::bytea, $3::bigint, $10::bigint, $11::bigint, $6::timestamptz, $12::timestamptz
  where exists (select from written)
),
appended as (
  insert into message (store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  select $1::bigint, m.*
  from unnest($13::bigint[], $14::timestamptz[], $15::integer[], $16::text[], $17::text[], $18::text[], $19::json[], $20::json[], $21::json[])
    as m(sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  where exists (select from written)
)
select store_id from written
