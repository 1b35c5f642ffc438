-- Purpose: all reminders of one grain of the embedded host.
-- Parameters: $1 grain id.
-- Rows: grain id, name, start, period in microseconds, ETag. Locks: none. Index: pk_reminder.
select r.grain_id, r.name, r.start_at, r.period_microseconds, r.etag from reminder r where r.grain_id = $1
