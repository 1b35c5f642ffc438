-- Purpose: memories whose time is over, of all tenants.
-- Parameters: $1 the instant, $2 the most rows.
-- Rows: id. Locks: none. Index: ix_memory_expires_at.
select m.id from memory m where m.expires_at <= $1 order by m.expires_at limit $2
