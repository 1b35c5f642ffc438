-- Purpose: removes the keys of recordings of a scope that was cleared.
-- Parameters: $1 tenant, $2 agent or null, $3 user or null, $4 session or null.
-- Rows: none. Locks: the rows. Index: ix_memory_recording_user.
delete from memory_recording r
where r.tenant = $1
  and ($2::text is null or r.agent = $2) and ($3::text is null or r.user_id = $3) and ($4::text is null or r.session = $4)
