-- Purpose: removes a reminder of the embedded host that is as it was seen.
-- Parameters: $1 grain id, $2 name, $3 ETag.
-- Rows: one if it was removed. Locks: the row. Index: pk_reminder.
delete from reminder r where r.grain_id = $1 and r.name = $2 and r.etag = $3 returning 1
