-- Purpose: opens an import: a head that no read finds, its entries, and how far it is to go.
-- Parameters: $1 store id, $2 tenant, $3 name, $4 first and $5 last sequence to come, $6 user, $7 agent, $8 title, $9 metadata,
--   $10 ttl in microseconds, $11 sliding, $12 instant; entries: $13 space, $14 key, $15 value, $16 expiry or null;
--   $17 labels as a JSON array or null, $18 when the conversation expires, or null to have its time to live start when it is completed.
-- Rows: none. Locks: the new rows.
with head as (
  insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, agent_id, title, metadata,
    ttl_microseconds, ttl_sliding, created_at, updated_at, listed_at, labels, message_bytes, entry_bytes, expires_at)
  values ($1, $2, $3, 1, 0, $4, $4 - 1, $6, $7, $8, $9, $10, $11, $12, $12, $12,
    (select array_agg(l.label) from json_array_elements_text($17) as l(label)), 0,
    (select coalesce(sum(octet_length(e.value::text)), 0) from unnest($15::json[]) as e(value)), $18)
),
entries as (
  insert into entry (store_id, space, key, value, expires_at, bytes)
  select $1, e.space, e.key, e.value, e.expires_at, octet_length(e.value::text)
  from unnest($13::text[], $14::text[], $15::json[], $16::timestamptz[]) as e(space, key, value, expires_at)
)
insert into import (store_id, last_sequence, begun_at) values ($1, $5, $12)
