-- Purpose: indexes messages of a life whose head lock_indexing.sql has locked in this transaction, in place of what another analysis made of them.
-- Parameters: $1 store id, $2 sequences, $3 instants, $4 terms.
-- Rows: none. Locks: the new rows. Index: pk_conversation, pk_message_search.
insert into message_search (store_id, sequence, created_at, terms)
select c.store_id, t.sequence, t.created_at, t.terms::tsvector
from conversation c
cross join unnest($2::bigint[], $3::timestamptz[], $4::text[]) as t(sequence, created_at, terms)
where c.store_id = $1
