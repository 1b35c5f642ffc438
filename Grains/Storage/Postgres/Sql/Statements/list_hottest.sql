-- Purpose: the hottest conversations of a tenant: of those that had a turn since an instant, the ones with the most turns per hour of their life.
-- Parameters: $1 tenant, $2 the instant, $3 now, $4 the most rows, $5 the most heads that are read, newest turn first.
-- Rows: as list_largest.sql. Locks: none. Index: ix_conversation_listed_at, which lags behind by a minute at most.
select h.name, h.user_id, h.agent_id, h.last_sequence - h.first_sequence + 1, h.version, coalesce(h.message_bytes + h.entry_bytes, 0),
  h.created_at, h.updated_at, h.expires_at
from (
  select c.*
  from conversation c
  where c.tenant = $1 and c.state = 0 and c.listed_at >= $2 - interval '1 minute'
  order by c.listed_at desc, c.store_id desc
  limit $5
) h
where h.updated_at >= $2
order by h.version / greatest(extract(epoch from $3 - h.created_at), 3600) desc, h.name
limit $4
