-- Purpose: records how far a life is indexed. Its head is locked by lock_indexing.sql in this transaction.
-- Parameters: $1 store id, $2 last sequence that is indexed, $3 analysis.
-- Rows: none. Locks: the row. Index: pk_conversation, pk_search_progress.
insert into search_progress (store_id, indexed_through, analysis)
select c.store_id, $2, $3::smallint
from conversation c
where c.store_id = $1
on conflict (store_id) do update set indexed_through = excluded.indexed_through, analysis = excluded.analysis
