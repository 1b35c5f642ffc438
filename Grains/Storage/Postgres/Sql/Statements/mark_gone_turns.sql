-- Purpose: step of a deletion or an erasure, before lives are removed: keeps what stands for the ids of their turns.
-- Parameters: $1 store ids of the locked lives, $2 instant.
-- Rows: none. Locks: the rows. Index: pk_turn, pk_conversation, pk_gone_turn.
insert into gone_turn (conversation, turn, gone_at)
select distinct gone_conversation(c.tenant, c.name), gone_turn_id(j.turn_id), $2::timestamptz
from turn j
join conversation c on c.store_id = j.store_id
where j.store_id = any($1)
order by 1, 2
on conflict (conversation, turn) do update set gone_at = greatest(gone_turn.gone_at, excluded.gone_at)
