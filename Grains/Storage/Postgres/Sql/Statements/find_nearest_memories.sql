-- Purpose: the memories of a scope whose vectors point most nearly where a question's points. Every one of them is compared: the result is exact.
-- {lead} is the column of one of the scope's names, as in read_memories.sql; {vectors} the schema of the extension.
-- Parameters: $1 tenant, $2 the leading name, $3 agent or null, $4 user or null, $5 session or null, $6 the model, $7 the question's vector as a text, one long,
--   $8 the instant after which an expiry must lie, $9 kind or null, $10 labels that all must be there, $11 the least position, $12 the most rows.
-- Rows: memory, similarity; the nearest first. Locks: none. Index: that of {lead} by position, pk_memory_embedding, once per memory.
-- It is planned for its values (plan_for_values.sql): how much a scope shows decides how the two are joined.
select f.id, -f.distance
from (
  select m.id, m.position, e.embedding operator({vectors}.<#>) $7::text::{vectors}.vector as distance
  from memory m
  join memory_embedding e on e.memory_id = m.id
  where m.tenant = $1 and m.{lead} = $2
    and ($3::text is null or m.agent = $3) and ($4::text is null or m.user_id = $4) and ($5::text is null or m.session = $5)
    and m.state = 0 and m.position >= $11
    and (m.expires_at is null or m.expires_at > $8)
    and ($9::int is null or m.kind = $9)
    and (cardinality($10::text[]) = 0 or m.labels @> $10)
    and e.model = $6 and e.embedding is not null
) f
order by f.distance, f.position
limit $12
