-- Purpose: third statement of a step that removes truncated messages. Indexing of the conversation's messages waits for the end of the transaction, and
--          sweep_messages.sql, with a snapshot of its own, sees what was indexed before.
-- Parameters: $1 store id.
-- Rows: the sequence before which messages go, or none when there is nothing to do any more, or a fork shares them.
-- Locks: the entry in removal, then the life's search by an advisory lock. Index: pk_removal, ix_conversation_parent.
with target as materialized (
  select r.store_id, r.before_sequence
  from removal r
  where r.store_id = $1 and not exists (select 1 from conversation f where f.parent_id = r.store_id)
  for update
)
select t.before_sequence, pg_advisory_xact_lock(hashtextextended('orleans_memory.message_search', t.store_id))
from target t
