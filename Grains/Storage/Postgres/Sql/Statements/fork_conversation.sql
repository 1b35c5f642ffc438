-- Purpose: makes a fork of a life that is at the expected version: a head that points to it, and copies of its live entries, which
--          remember the life that wrote them.
-- Parameters: $1 source store id, $2 its version, $3 fork's store id, $4 tenant, $5 name, $6 newest shared sequence, $7 instant, $8 expiry or null.
-- Rows: the fork's store id, or none when the source has moved on or the key is taken.
-- Locks: the source against change, the new head. Index: pk_conversation, uq_conversation_name, pk_entry.
with source as (
  select * from conversation c where c.store_id = $1 and c.version = $2 and c.state = 0 and c.tenant = $4 for share
),
made as (
  insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, agent_id, title, metadata,
    ttl_microseconds, ttl_sliding, created_at, updated_at, listed_at, expires_at, parent_id, parent_sequence, labels, message_bytes, entry_bytes)
  select $3, s.tenant, $5, 0, 1, s.first_sequence, $6, s.user_id, s.agent_id, s.title, s.metadata,
    s.ttl_microseconds, s.ttl_sliding, $7, $7, $7, $8, s.store_id, $6, s.labels, 0,
    (select coalesce(sum(coalesce(e.bytes, octet_length(e.value::text))), 0) from entry e where e.store_id = $1 and (e.expires_at is null or e.expires_at > $7))
  from source s
  on conflict (tenant, name) where state = 0 do nothing
  returning store_id
),
copied as (
  insert into entry (store_id, space, key, value, expires_at, source_id, bytes)
  select made.store_id, e.space, e.key, e.value, e.expires_at, coalesce(e.source_id, e.store_id), coalesce(e.bytes, octet_length(e.value::text))
  from made
  join entry e on e.store_id = $1
  where e.expires_at is null or e.expires_at > $7
)
select store_id from made
