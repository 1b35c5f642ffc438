-- Purpose: what a key of a recording stands for.
-- Parameters: $1 hash of the key.
-- Rows: none or one: hash of the request, ids, instant. Locks: none. Index: pk_memory_recording.
select r.payload_hash, r.ids, r.recorded_at from memory_recording r where r.key_hash = $1
