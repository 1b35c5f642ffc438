-- Purpose: first statement of a step that removes truncated messages: looks for a conversation that has some which no fork shares.
-- Parameters: none.
-- Rows: store id, or none when there is nothing to do. Locks: none. Index: pk_removal, ix_conversation_parent.
select r.store_id
from removal r
where not exists (select 1 from conversation f where f.parent_id = r.store_id)
order by r.store_id
limit 1
