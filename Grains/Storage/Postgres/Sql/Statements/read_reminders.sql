-- Purpose: the reminders of the embedded host whose grains lie in a range of the ring.
-- Parameters: $1 start of the range, not part of it; $2 its end, part of it. Not more than the start: the range goes over zero; equal: it is everything.
-- Rows: grain id, name, start, period in microseconds, ETag. Locks: none. Index: ix_reminder_grain_hash.
select r.grain_id, r.name, r.start_at, r.period_microseconds, r.etag
from reminder r
where ($1 < $2 and r.grain_hash > $1 and r.grain_hash <= $2) or ($1 >= $2 and (r.grain_hash > $1 or r.grain_hash <= $2))
