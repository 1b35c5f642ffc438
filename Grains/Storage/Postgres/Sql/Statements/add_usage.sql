-- Purpose: notes what turns have added since a silo noted it last, one row per tenant, and counts them for the day.
-- Parameters, in arrays of equal length: $1 tenants, each once, $2 conversations, $3 messages, $4 bytes, $5 turns, $6 messages appended, $7 bytes appended; $8 the day.
-- Rows: none. Locks: the rows of the day, in the order of tenants. Index: pk_usage_day.
with given as materialized (
  select *
  from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    as g(tenant, conversations, messages, bytes, turns, appended, appended_bytes)
),
changes as (
  insert into usage_change (tenant, conversations, messages, bytes)
  select g.tenant, g.conversations, g.messages, g.bytes
  from given g
  where g.conversations <> 0 or g.messages <> 0 or g.bytes <> 0
)
insert into usage_day (tenant, day, turns, messages, bytes)
select g.tenant, $8::date, g.turns, g.appended, g.appended_bytes
from given g
where g.turns <> 0
order by g.tenant collate "C"
on conflict (tenant, day) do update
set turns = usage_day.turns + excluded.turns, messages = usage_day.messages + excluded.messages, bytes = usage_day.bytes + excluded.bytes
