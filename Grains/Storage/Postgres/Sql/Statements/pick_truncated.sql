-- Purpose: first statement of a step that removes truncated messages: picks a conversation that has some which no fork shares. Indexing of its messages
--          waits for the end of the transaction, and sweep_messages.sql, with a snapshot of its own, sees what was indexed before.
-- Parameters: none.
-- Rows: store id and the sequence before which messages go, or none when there is nothing to do.
-- Locks: the entry in removal, skipping those that others hold, then the life's search by an advisory lock. Index: pk_removal, ix_conversation_parent.
with target as materialized (
  select r.store_id, r.before_sequence
  from removal r
  where not exists (select 1 from conversation f where f.parent_id = r.store_id)
  order by r.store_id
  limit 1
  for update skip locked
)
select t.store_id, t.before_sequence, pg_advisory_xact_lock(hashtextextended('orleans_memory.message_search', t.store_id))
from target t
