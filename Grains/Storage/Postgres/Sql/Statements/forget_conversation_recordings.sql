-- Purpose: removes the keys of recordings from conversations that are deleted.
-- Parameters: $1 tenant, $2 names of conversations.
-- Rows: none. Locks: the rows. Index: ix_memory_recording_conversation.
delete from memory_recording r where r.tenant = $1 and r.conversation_id = any($2)
