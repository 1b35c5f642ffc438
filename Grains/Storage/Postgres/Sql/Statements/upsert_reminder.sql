-- Purpose: adds a reminder of the embedded host, or gives the one of that name new times. ETags are never given twice.
-- Parameters: $1 grain id, $2 name, $3 the grain's place on the ring, $4 start, $5 period in microseconds.
-- Rows: the ETag. Locks: the row. Index: pk_reminder.
insert into reminder as r (grain_id, name, grain_hash, start_at, period_microseconds, etag)
values ($1, $2, $3, $4, $5, nextval('reminder_etag_seq'))
on conflict (grain_id, name) do update
set start_at = excluded.start_at, period_microseconds = excluded.period_microseconds, etag = excluded.etag
returning r.etag
