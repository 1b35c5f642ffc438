-- Purpose: gives memories whose transaction ids lie ahead of this cluster's one of its own: readers would always take them for new.
-- Rows: none; the memories are affected. Locks: the rows. It reads the whole table, once after a restore.
update memory m set changed = pg_current_xact_id() where m.changed >= pg_snapshot_xmax(pg_current_snapshot())
