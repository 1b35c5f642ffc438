-- Purpose: how far an import has got.
-- Parameters: $1 store id, $2 tenant, $3 name.
-- Rows: state, last sequence so far, first and last sequence to come (the last is null once completed); none when there is no such import. Locks: none. Index: pk_conversation.
select c.state, c.last_sequence, c.first_sequence, i.last_sequence
from conversation c
left join import i on i.store_id = c.store_id
where c.store_id = $1 and c.tenant = $2 and c.name = $3
