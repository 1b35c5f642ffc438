-- Purpose: what happened to a memory, the newest first, and what it says now.
-- Parameters: $1 tenant, $2 id, $3 the instant after which an expiry must lie, $4 the most events.
-- Rows: none when there is no such memory; else one at least: when it was recorded, by the extractor or not, its version, what it says (in the first row), then
--   of an event version, kind, what was said before (null when that did not change), instant, by the extractor or not; nulls when there is none. Locks: none.
-- Index: pk_memory, pk_memory_event.
select m.created_at, m.distilled, m.version, case when e.version is null or e.version = m.version then m.body end,
  e.version, e.kind, e.previous, e.at, e.by_extractor
from memory m
left join lateral (
  select v.* from memory_event v where v.memory_id = m.id order by v.version desc limit $4
) e on true
where m.id = $2 and m.tenant = $1 and m.state <> 2 and (m.expires_at is null or m.expires_at > $3)
order by e.version desc
