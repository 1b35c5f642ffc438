-- Purpose: memories whose time is over, of all tenants.
-- Parameters: $1 the instant, which the server's clock bounds, $2 the most rows.
-- Rows: id. Locks: none. Index: ix_memory_expires_at.
select m.id
from memory m
where m.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
order by m.expires_at
limit $2
