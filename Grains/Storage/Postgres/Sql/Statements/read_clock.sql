-- Purpose: the server's time, at this moment and not at that of the transaction's start.
-- Rows: one. Locks: none.
select clock_timestamp()
