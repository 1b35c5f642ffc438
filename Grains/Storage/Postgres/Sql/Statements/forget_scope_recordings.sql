-- Purpose: what was recorded is gone with the scope that was cleared: of the recordings only the hashes of their keys are left, so that one which is sent
--          again is refused.
-- Parameters: $1 tenant, $2 agent or null, $3 user or null, $4 session or null, $5 instant.
-- Rows: none. Locks: the rows. Index: ix_memory_recording_user.
update memory_recording r
set payload_hash = '', ids = '{}', agent = null, user_id = null, session = null, conversation_id = null, recorded_at = $5
where r.tenant = $1
  and ($2::text is null or r.agent = $2) and ($3::text is null or r.user_id = $3) and ($4::text is null or r.session = $4)
