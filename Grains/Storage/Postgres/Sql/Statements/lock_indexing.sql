-- Purpose: first statement of a step of indexing: keeps the life from being deleted, and everybody else from indexing it or removing its truncated messages.
-- Parameters: $1 store id.
-- Rows: one, void; none when there is no such life.
-- Locks: the head against deletion (turns go on), then the life's search by an advisory lock; both until the end of the transaction. Index: pk_conversation.
with held as materialized (
  select c.store_id from conversation c where c.store_id = $1 for key share
)
select pg_advisory_xact_lock(hashtextextended('orleans_memory.message_search', h.store_id)) from held h
