-- Purpose: whether a life was deleted or erased.
-- Parameters: $1 tenant, $2 name, $3 store id.
-- Rows: one. Locks: none. Index: pk_gone_turn.
select exists (select 1 from gone_turn g where g.conversation = gone_conversation($1, $2) and g.turn = int8send($3))
