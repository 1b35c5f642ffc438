-- Purpose: whether a turn was deleted or erased with its conversation.
-- Parameters: $1 tenant, $2 name, $3 turn id.
-- Rows: one. Locks: none. Index: pk_gone_turn.
select exists (select 1 from gone_turn g where g.conversation = gone_conversation($1, $2) and g.turn = gone_turn_id($3))
