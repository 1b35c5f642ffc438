-- Purpose: removes rows of the audit trail that have been kept long enough.
-- Parameters: $1 the instant before which they were written, $2 the most rows.
-- Rows: none; the count is the number of rows affected. Locks: the rows. Index: ix_audit_at, pk_audit.
delete from audit where id = any(array(select a.id from audit a where a.at < $1 order by a.at limit $2 for update skip locked))
