-- Purpose: removes all reminders of the embedded host; for tests.
-- Rows: none. Locks: the rows.
delete from reminder
