-- Purpose: memories that were recorded from conversations and are not deleted yet.
-- Parameters: $1 tenant, $2 names of conversations.
-- Rows: id. Locks: none. Index: ix_memory_conversation.
select m.id from memory m where m.tenant = $1 and m.conversation_id = any($2)
