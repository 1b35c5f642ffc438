-- Purpose: removes keys of recordings that are no longer kept.
-- Parameters: $1 the instant before which they were recorded, $2 the most rows.
-- Rows: none. Locks: the rows; those that are locked are left out. Index: ix_memory_recording_recorded_at, pk_memory_recording.
delete from memory_recording r
where r.key_hash = any(array(select o.key_hash from memory_recording o where o.recorded_at < $1 order by o.recorded_at limit $2 for update skip locked))
