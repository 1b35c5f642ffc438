-- Purpose: reads vectors and keeps them as they are until the end of the transaction.
-- Parameters: $1 ids of memories.
-- Rows: memory, model, vector. Locks: the memories, in the order of their positions. Index: pk_memory, pk_memory_vector.
select v.memory_id, v.model, v.vector
from memory m
join memory_vector v on v.memory_id = m.id
where m.id = any($1)
order by m.position
for update of m
