-- Purpose: hides a memory that is locked from every read but that of its history.
-- Parameters: $1 id, $2 version, $3 the instant.
-- Rows: none. Locks: none besides. Index: pk_memory, pk_memory_vector.
with event as (
  insert into memory_event (memory_id, version, at, kind, by_extractor) values ($1, $2, $3, 2, true)
),
vector as (
  delete from memory_vector v where v.memory_id = $1
)
update memory m
set state = 1, version = $2, updated_at = $3, changed = pg_current_xact_id(), extracts = false, embedded = false
where m.id = $1
