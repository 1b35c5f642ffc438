-- Purpose: writes down that something is about to be done.
-- Parameters: $1 the instant, $2 tenant, $3 action, $4 actor, $5 keyed hash of the id that it is about, or null, $6 counts as JSON or null, $7 whether it is over at once.
-- Rows: the id of the row. Locks: none. Index: none.
insert into audit (at, completed_at, tenant, action, actor, subject, counts)
values ($1, case when $7 then $1::timestamptz end, $2, $3, $4, $5, $6)
returning id
