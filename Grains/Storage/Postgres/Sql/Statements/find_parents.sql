-- Purpose: what lives were forked from, and which of the lives have forks.
-- Parameters: $1 store ids.
-- Rows: store id, parent's store id or null, whether it has forks. Locks: none. Index: pk_conversation, ix_conversation_parent.
select c.store_id, c.parent_id, exists (select 1 from conversation f where f.parent_id = c.store_id)
from conversation c
where c.store_id = any($1)
