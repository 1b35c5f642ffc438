-- Purpose: whether turns of a conversation were deleted or erased within the window of turn ids, so that its turns have to be looked up there.
-- Parameters: $1 tenant, $2 name.
-- Rows: one. Locks: none. Index: pk_gone_turn.
select exists (select 1 from gone_turn g where g.conversation = gone_conversation($1, $2))
