-- Purpose: second step of saving vectors: writes them once more, as what the extension compares, in place of what is there of the memories.
-- {vectors} is the schema of the extension, put in when the statement is loaded.
-- Parameters: one element per vector: $1 ids of memories that have a vector and are locked, each once, $2 models, $3 vectors as texts, null for those that are left out.
-- Rows: none. Locks: none besides. Index: pk_memory_embedding.
with given as materialized (
  select g.id, g.model, g.embedding from unnest($1::uuid[], $2::text[], $3::text[]) g(id, model, embedding)
),
gone as (
  delete from memory_embedding e using given g where e.memory_id = g.id and g.embedding is null
)
insert into memory_embedding (memory_id, model, embedding)
select g.id, g.model, g.embedding::{vectors}.vector from given g where g.embedding is not null
on conflict (memory_id) do update set model = excluded.model, embedding = excluded.embedding
