-- Purpose: writes a memory with its history, unless its id is taken.
-- Parameters: $1 id, $2 tenant, $3 agent, $4 user, $5 session, $6 owner, $7 kind, $8 size in bytes, $9 text, $10 caption, $11 role, $12 speaker, $13 message id, $14 conversation id,
--   $15 metadata, $16 labels as a JSON array or null, $17 when it happened, $18 when it was recorded, $19 when it was changed last, $20 expiry or null, $21 version, $22 whether the extractor
--   recorded it; then one element per event: $23 versions, $24 instants, $25 kinds, $26 whether the extractor did it, an empty one for never, $27 what was said before or null.
-- Rows: the state, tenant and user of the memory that has the id, and whether it is this one. Locks: the new rows. Index: pk_memory, pk_memory_event.
with made as (
  insert into memory (
    position, owner, changed, version, occurred_at, created_at, updated_at, expires_at, id, bytes, kind, state, distilled, extracts, embedded, tenant, agent, user_id, session, role, speaker,
    message_id, conversation_id, labels, caption, metadata, body)
  values (
    nextval('memory_position_seq'), $6, pg_current_xact_id(), $21, $17, $18, $19, $20, $1, $8, $7, 0, $22, false, false, $2, $3, $4, $5, $11, $12, $13, $14,
    case when $16::json is not null then array(select l.value from json_array_elements_text($16) with ordinality as l(value, place) order by l.place) end, $10, $15, $9)
  on conflict (id) do nothing
  returning id
),
events as (
  insert into memory_event (memory_id, version, at, kind, by_extractor, previous)
  select m.id, e.version, e.at, e.kind, coalesce(e.by_extractor, false), e.previous
  from made m
  cross join unnest($23::bigint[], $24::timestamptz[], $25::int[], $26::boolean[], $27::text[]) as e(version, at, kind, by_extractor, previous)
)
select 0::smallint, $2::text, $4::text, true from made
union all
select m.state, m.tenant, m.user_id, false from memory m where m.id = $1 and not exists (select 1 from made)
