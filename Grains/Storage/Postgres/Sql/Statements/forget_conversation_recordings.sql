-- Purpose: forget_scope_recordings.sql for recordings from conversations that are deleted.
-- Parameters: $1 tenant, $2 names of conversations, $3 instant.
-- Rows: none. Locks: the rows. Index: ix_memory_recording_conversation.
update memory_recording r
set payload_hash = '', ids = '{}', agent = null, user_id = null, session = null, conversation_id = null, recorded_at = $3
where r.tenant = $1 and r.conversation_id = any($2)
