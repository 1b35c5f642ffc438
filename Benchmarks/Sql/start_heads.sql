-- Purpose: the conversations that a floor writes to, with store ids from 1. Parameters: $1 how many. Rows: none. Locks: none.
insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, created_at, updated_at, listed_at)
select i, 'floor', 'conversation-' || i, 0, 0, 1, 0, now(), now(), now() from generate_series(1, $1) i
