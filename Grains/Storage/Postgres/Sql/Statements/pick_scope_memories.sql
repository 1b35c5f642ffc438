-- Purpose: memories of a scope that are not deleted yet, those that were changed longest ago first: what earlier steps have deleted comes last.
-- {lead} is the column of one of the scope's names, as in read_memories.sql.
-- Parameters: $1 tenant, $2 the leading name, $3 agent or null, $4 user or null, $5 session or null, $6 the most rows.
-- Rows: id. Locks: none. Index: that of {lead} by changed.
select m.id
from memory m
where m.tenant = $1 and m.{lead} = $2
  and ($3::text is null or m.agent = $3) and ($4::text is null or m.user_id = $4) and ($5::text is null or m.session = $5)
  and m.state <> 2
order by m.changed
limit $6
