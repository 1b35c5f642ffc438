-- Purpose: second statement of a step that removes truncated messages: locks the head, whose counter the step lowers. A turn locks it first as well, so that the two never wait for
--          each other.
-- Parameters: $1 store id.
-- Rows: store id, or none where it is gone. Locks: the head. Index: pk_conversation.
select c.store_id from conversation c where c.store_id = $1 for no key update
