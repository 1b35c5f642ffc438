-- Purpose: step of a deletion or an erasure, before lives are removed: keeps what stands for the ids of their turns, and for the lives themselves (8 bytes).
-- Parameters: $1 store ids of the locked lives, $2 instant.
-- Rows: none. Locks: the rows. Index: pk_turn, pk_conversation, pk_gone_turn.
insert into gone_turn (conversation, turn, gone_at)
select distinct gone_conversation(c.tenant, c.name), g.turn, $2::timestamptz
from conversation c
cross join lateral (
  select gone_turn_id(j.turn_id) from turn j where j.store_id = c.store_id
  union all
  select int8send(c.store_id)
) g(turn)
where c.store_id = any($1)
order by 1, 2
on conflict (conversation, turn) do update set gone_at = greatest(gone_turn.gone_at, excluded.gone_at)
