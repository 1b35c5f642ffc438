-- Purpose: the least that removing conversations takes. Parameters: $1 first and $2 last store id. Rows: none. Locks: the rows.
with messages as (delete from message where store_id between $1 and $2),
entries as (delete from entry where store_id between $1 and $2),
turns as (delete from turn where store_id between $1 and $2)
delete from conversation where store_id between $1 and $2
