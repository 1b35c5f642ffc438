-- Purpose: a step through the vectors that were saved before the extension was found, or by silos that had not found it.
-- Parameters: $1 the memory to stay above, $2 the most vectors to look at.
-- Rows: memory, whether its vector is missing in memory_embedding; by memory. Locks: none. Index: pk_memory_vector, pk_memory_embedding.
select v.memory_id, e.memory_id is null
from (select n.memory_id, n.model from memory_vector n where n.memory_id > $1 order by n.memory_id limit $2) v
left join memory_embedding e on e.memory_id = v.memory_id and e.model = v.model and e.embedding is not null
order by v.memory_id
