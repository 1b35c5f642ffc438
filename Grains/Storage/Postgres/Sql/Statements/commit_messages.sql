-- Purpose: commit_turns for batches that do nothing but append messages: the same rows with a third of the plan to start.
-- Parameters, in arrays of equal length per block; an empty one stands for nulls:
--   heads    $1 store id, $2 expected version, $3 version after, $4 first and $5 last sequence after, $6 instant, $7 expiry or null
--   turns    $8 store id, $9 turn id, $10 payload hash, $11 version, $12 first and $13 last sequence or null, $14 instant, $15 updated_at before the turn or null
--   messages $16 store id, $17 sequence, $18 instant, $19 bytes, $20 role, $21 message id, $22 author, $23 contents, $24 metadata, $25 tool links
--   sizes    of the heads: $26 bytes of the messages that are appended
-- Rows: the store ids that were written. A turn id that the journal has already violates pk_turn, and nothing is written.
-- Locks: the heads, in the order of their ids: they come through pk_conversation, or as $1 has them, which is sorted.
-- Index: pk_conversation, pk_turn. No index has a column that changes at every turn (HOT).
with written as (
  update conversation c
  set version = h.version,
      first_sequence = h.first_sequence,
      last_sequence = h.last_sequence,
      updated_at = greatest(c.updated_at, h.at),
      listed_at = case when h.at > c.listed_at + interval '1 minute' then h.at else c.listed_at end,
      expires_at = h.expires_at,
      message_bytes = c.message_bytes + h.bytes
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $26::bigint[])
    as h(store_id, expected_version, version, first_sequence, last_sequence, at, expires_at, bytes)
  where c.store_id = any($1)
    and c.store_id = h.store_id
    and c.version = h.expected_version
    and c.state < 1
  returning c.store_id
),
journalled as (
  insert into turn (store_id, turn_id, payload_hash, version, first_sequence, last_sequence, committed_at, previous_at)
  select t.*
  from unnest($8::bigint[], $9::text[], $10::bytea[], $11::bigint[], $12::bigint[], $13::bigint[], $14::timestamptz[], $15::timestamptz[])
    as t(store_id, turn_id, payload_hash, version, first_sequence, last_sequence, committed_at, previous_at)
  join written w on w.store_id = t.store_id
),
appended as (
  insert into message (store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  select m.*
  from unnest(
    $16::bigint[], $17::bigint[], $18::timestamptz[], $19::integer[], $20::text[], $21::text[], $22::text[], $23::json[], $24::json[],
    $25::json[])
    as m(store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  join written w on w.store_id = m.store_id
)
select store_id from written
