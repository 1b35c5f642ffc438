-- Purpose: lock_expired.sql for one conversation.
-- Parameters: $1 instant, which the server's clock bounds, $2 store id.
-- Rows: store id and about how many rows it has; none when it is not there, not expired, or held by others. Locks: the head.
-- Index: pk_conversation, pk_entry.
select c.store_id,
  c.version + c.last_sequence - coalesce(c.parent_sequence, 0)
    + (select count(*) from (select 1 from entry e where e.store_id = c.store_id limit 1001) counted)
from conversation c
where c.store_id = $2
  and c.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
  and c.state = 0
for update of c skip locked
