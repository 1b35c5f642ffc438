-- Purpose: what has changed in what a scope shows since a snapshot: exactly the rows that were written by transactions which that snapshot did not see, in
--   whatever order they were committed.
-- {lead} is the column of one of the scope's names, as in read_memories.sql.
-- Parameters: $1 tenant, $2 the leading name, $3 agent or null, $4 user or null, $5 session or null, $6 the snapshot, $7 the most rows, $8 the most bytes,
--   $9 the model of the vectors or null.
-- Rows: one at least: when the server was started, the snapshot that was read, the bytes of all that has changed, state (null when nothing has changed), then as
--   find_memory.sql, then the vector; without contents when there are too many bytes. Locks: none. Index: that of {lead} by changed; pk_memory_vector.
select extract(epoch from pg_postmaster_start_time())::text, s.snapshot, c.total, c.state, c.position, c.id, c.kind, c.agent, c.user_id, c.session,
  case when c.total <= $8 then c.body end, case when c.total <= $8 then c.caption end, c.role, c.speaker, c.message_id, c.conversation_id,
  case when c.total <= $8 then c.metadata end, c.occurred_at, c.created_at, c.updated_at, c.expires_at, c.version, case when c.total <= $8 then v.vector end
from (select pg_current_snapshot()::text as snapshot) s
left join lateral (
  select n.*, sum(n.bytes) over () as total
  from (
    select m.*
    from memory m
    where m.tenant = $1 and m.{lead} = $2
      and ($3::text is null or m.agent = $3) and ($4::text is null or m.user_id = $4) and ($5::text is null or m.session = $5)
      and m.changed >= pg_snapshot_xmin($6::text::pg_snapshot) and not pg_visible_in_snapshot(m.changed, $6::text::pg_snapshot)
    limit $7
  ) n
) c on true
left join memory_vector v on v.memory_id = c.id and v.model = $9
