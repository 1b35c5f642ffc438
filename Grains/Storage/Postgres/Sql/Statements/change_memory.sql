-- Purpose: second step of a change: gives a memory that is locked its new content, and writes down what happened.
-- Parameters: $1 id, $2 version, $3 text, $4 whether it says something else than before, $5 metadata, $6 labels as a JSON array or null, $7 expiry, $8 size in bytes,
--   $9 the instant, $10 whether the extractor did it.
-- Rows: none. Locks: none besides. Index: pk_memory, pk_memory_vector.
with event as (
  insert into memory_event (memory_id, version, at, kind, by_extractor, previous)
  select m.id, $2, $9, 1, $10, case when $4 then m.body end from memory m where m.id = $1
),
vector as (
  delete from memory_vector v where v.memory_id = $1 and $4
)
update memory m
set version = $2, body = $3, metadata = $5, expires_at = $7, bytes = $8, updated_at = $9, changed = pg_current_xact_id(), embedded = m.embedded and not $4,
  labels = case when $6::json is not null then array(select l.value from json_array_elements_text($6) with ordinality as l(value, place) order by l.place) end
where m.id = $1
