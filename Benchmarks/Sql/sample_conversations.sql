-- Purpose: the keys of conversations that are there. Parameters: $1 store ids. Rows: tenant, name, user. Locks: none. Index: pk_conversation.
select c.tenant, c.name, c.user_id from conversation c join unnest($1::bigint[]) with ordinality i(store_id, place) on i.store_id = c.store_id where c.state = 0 order by i.place
