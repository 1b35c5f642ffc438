-- Purpose: what a tenant committed on each day since one.
-- Parameters: $1 tenant, $2 the first day.
-- Rows: day, turns, messages, bytes. Locks: none. Index: pk_usage_day.
select d.day, d.turns, d.messages, d.bytes from usage_day d where d.tenant = $1 and d.day >= $2 order by d.day
