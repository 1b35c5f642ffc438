-- Purpose: second step of a sweep: sets aside the expired lives that forks share and those with many rows; sweep_lives.sql removes them when no fork is
--          left, and in bounded steps. No fork of a locked life can be made, so that none is overlooked.
-- Parameters: $1 store ids of the locked lives, $2 those with many rows.
-- Rows: store ids of those set aside. Locks: none that lock_expired.sql has not taken. Index: pk_conversation, ix_conversation_parent.
update conversation c
set state = 2
where c.store_id = any($1) and (c.store_id = any($2) or exists (select 1 from conversation f where f.parent_id = c.store_id))
returning c.store_id
