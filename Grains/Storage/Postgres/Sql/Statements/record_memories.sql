-- Purpose: records memories, or none of them when their key was used before.
-- Parameters: $1 hash of the key or null, $2 tenant, $3 agent, $4 user, $5 session, $6 owner, $7 hash of the request, $8 the instant, $9 whether facts are to be
--   distilled from turns, $10 whether the extractor records them; then one element per memory: $11 ids, $12 kinds, $13 sizes in bytes, $14 texts, $15 captions,
--   $16 roles, $17 speakers, $18 message ids, $19 conversation ids, $20 metadata, $21 labels as JSON arrays, $22 instants, $23 expiries.
-- Rows: none; as many rows are affected as memories were recorded. Locks: waits for another recording with the same key.
-- Index: pk_memory_recording, pk_memory.
with journal as (
  insert into memory_recording (key_hash, recorded_at, payload_hash, tenant, agent, user_id, session, conversation_id, ids)
  select $1, $8, $7, $2, $3, $4, $5, ($19::text[])[1], $11
  where $1::bytea is not null
  on conflict (key_hash) do nothing
  returning 1
)
insert into memory (
  position, owner, changed, version, occurred_at, created_at, updated_at, expires_at, id, bytes, kind, state, distilled, extracts, embedded, tenant, agent,
  user_id, session, role, speaker, message_id, conversation_id, labels, caption, metadata, body)
select nextval('memory_position_seq'), $6, pg_current_xact_id(), 1, f.occurred_at, $8, $8, f.expires_at, f.id, f.bytes, f.kind, 0, coalesce($10, false),
  coalesce($9, false) and f.kind = 0, false, $2, $3, $4, $5, f.role, f.speaker, f.message_id, f.conversation_id,
  case when f.labels is not null then array(select l.value from json_array_elements_text(f.labels) with ordinality as l(value, place) order by l.place) end,
  f.caption, f.metadata, f.body
from unnest(
  $11::uuid[], $12::int[], $13::int[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::json[], $21::json[],
  $22::timestamptz[], $23::timestamptz[]) with ordinality as f(
  id, kind, bytes, body, caption, role, speaker, message_id, conversation_id, metadata, labels, occurred_at, expires_at, place)
where $1::bytea is null or exists (select 1 from journal)
order by f.place
