-- Purpose: the models of which there are vectors.
-- Rows: model. Locks: none. Index: ix_memory_vector_model, once per model.
with recursive known as (
  (select v.model from memory_vector v order by v.model limit 1)
  union all
  select n.model
  from known k
  cross join lateral (select v.model from memory_vector v where v.model > k.model order by v.model limit 1) n
)
select k.model from known k
