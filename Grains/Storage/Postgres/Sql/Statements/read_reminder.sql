-- Purpose: one reminder of the embedded host.
-- Parameters: $1 grain id, $2 name.
-- Rows: grain id, name, start, period in microseconds, ETag; none when there is no such reminder. Locks: none. Index: pk_reminder.
select r.grain_id, r.name, r.start_at, r.period_microseconds, r.etag from reminder r where r.grain_id = $1 and r.name = $2
