-- Purpose: deletes memories that were picked: of the row only id and names are left, so that readers of changes learn of it; of history and vector nothing.
-- Parameters: $1 ids, $2 the instant, $3 an instant by which they must have expired, which the server's clock bounds, or null when that does not matter.
-- Rows: one: how many were deleted, and how many of them a read would have shown. Locks: the rows, in the order of their positions.
-- Index: pk_memory, pk_memory_event, pk_memory_vector.
with locked as materialized (
  select m.id, m.state = 0 and (m.expires_at is null or m.expires_at > $2) as live
  from memory m
  where m.id = any($1) and m.state <> 2
    and ($3::timestamptz is null or m.expires_at <= least($3, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval))
  order by m.position
  for update
),
vectors as (
  delete from memory_vector v using locked l where v.memory_id = l.id
),
events as (
  delete from memory_event e using locked l where e.memory_id = l.id
),
gone as (
  update memory m
  set state = 2, version = m.version + 1, changed = pg_current_xact_id(), gone_at = $2, expires_at = null, bytes = 0, extracts = false, embedded = false,
    role = null, speaker = null, message_id = null, conversation_id = null, labels = null, caption = null, metadata = null, body = ''
  from locked l
  where m.id = l.id
  returning l.live
)
select count(*), count(*) filter (where g.live) from gone g
