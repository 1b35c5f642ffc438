-- Purpose: keeps what stands for the id of a turn whose conversation was removed before it could be written.
-- Parameters: $1 tenant, $2 name, $3 turn id, $4 instant.
-- Rows: none. Locks: the row. Index: pk_gone_turn.
insert into gone_turn (conversation, turn, gone_at)
values (gone_conversation($1, $2), gone_turn_id($3), $4)
on conflict (conversation, turn) do update set gone_at = greatest(gone_turn.gone_at, excluded.gone_at)
