-- Purpose: first statement of a batch that starts new lives: makes their heads at version 0, in the order of their keys so that two batches
--          cannot wait for each other. commit_turns.sql, in the same transaction, takes them to version 1; a key that is taken makes no head, and neither does
--          one of which turns were deleted or erased since the beginner looked.
-- Parameters: $1 store ids, $2 tenants, $3 names, $4 instants, $5 whether the beginner knows that there are such turns.
-- Rows: none. Locks: the new rows. Index: uq_conversation_name, pk_gone_turn.
insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, created_at, updated_at, listed_at, message_bytes, entry_bytes)
select i.store_id, i.tenant, i.name, 0, 0, 1, 0, i.at, i.at, i.at, 0, 0
from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[]) as i(store_id, tenant, name, at, knows_gone)
where i.knows_gone or (select max(g.gone_at) from gone_turn g where g.conversation = gone_conversation(i.tenant, i.name)) is null
order by i.tenant, i.name
on conflict (tenant, name) where state = 0 do nothing
