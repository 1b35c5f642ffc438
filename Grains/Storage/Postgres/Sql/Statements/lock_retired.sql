-- Purpose: locks those of some lives that have no name any more and are kept for forks only. One that others hold is left to the sweep.
-- Parameters: $1 store ids.
-- Rows: store id. Locks: those heads, skipping those that others hold. Index: pk_conversation.
select c.store_id
from conversation c
where c.store_id = any($1) and c.state = 2
order by c.store_id
for update skip locked
