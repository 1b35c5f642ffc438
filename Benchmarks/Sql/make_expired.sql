-- Purpose: conversations whose time is over, with store ids from 1, each with two messages, an entry and a turn id. Parameters: $1 how many. Rows: none. Locks: none.
with heads as (
  insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, ttl_microseconds, created_at, updated_at, listed_at, expires_at)
  select i, 'benchmark', 'expired-' || i, 0, 1, 1, 2, 3600000000, now() - interval '2 hours', now() - interval '2 hours', now() - interval '2 hours', now() - interval '1 hour'
  from generate_series(1, $1) i
),
messages as (
  insert into message (store_id, sequence, created_at, bytes, role, message_id, contents)
  select i, s, now(), 300, 'user', 'm' || i || '-' || s, ('[{"$type":"text","text":"' || repeat('x', 270) || '"}]')::json
  from generate_series(1, $1) i cross join generate_series(1, 2) s
),
entries as (
  insert into entry (store_id, space, key, value) select i, 'session', 'key', '"value"' from generate_series(1, $1) i
)
insert into turn (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id)
select i, 1, 1, 2, now(), sha256(i::text::bytea), 'turn-' || i from generate_series(1, $1) i
