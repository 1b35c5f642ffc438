-- Purpose: removes expired entries of one share of the wheel. One that was set anew since is not among them.
-- Parameters: $1 instant, which the server's clock bounds, $2 slots of the share, $3 the most rows.
-- Rows: none; the count is the number of rows affected. Locks: the rows, skipping those that others hold. Index: ix_entry_expires_at.
delete from entry
where ctid = any(array(
  select e.ctid
  from entry e
  where ((e.store_id >> 6) & 255) = any($2)
    and e.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
  limit $3
  for update skip locked))
