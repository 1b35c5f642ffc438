-- Purpose: conversations as they are in use: many tenants and users, labels on part of them, a time to live that is not over on part of them, one or two messages, a turn id for every tenth.
-- Parameters: $1 first and $2 last store id of this step; $3 first store id and $4 number of users of the group that the step is part of: users have some sixty conversations each, all in one group.
-- Rows: none. Locks: none.
with made as materialized (
  select i as store_id,
    $3::bigint + abs(hashint8extended(i, 1) % $4::bigint) as person,
    1 + (i & 1) as messages,
    now() - random() * interval '90 days' as at,
    hashint8extended(i, 2) & 15 as kind
  from generate_series($1::bigint, $2::bigint) i
),
heads as (
  insert into conversation (
    store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, agent_id, title, metadata, labels, ttl_microseconds, created_at, updated_at, listed_at, expires_at)
  select store_id, 'tenant-' || person % 50, md5('name-' || store_id), 0, 1, 1, messages, 'user-' || person, 'agent-' || kind % 5, 'A talk about the rivers and their names',
    case when kind < 5 then format('{"project":"p%s","channel":"web"}', person % 1000)::json end,
    case when kind < 5 then array['project=p' || person % 1000, 'channel=web'] end,
    case when kind < 5 then 31536000000000 end, at, at, at,
    case when kind < 5 then at + interval '365 days' end
  from made
),
texts as (
  insert into message (store_id, sequence, created_at, bytes, role, message_id, contents)
  select store_id, s, at, 331, case when s & 1 = 1 then 'user' else 'assistant' end, md5('message-' || store_id || '-' || s),
    ('[{"$type":"text","text":"' || rpad(md5(store_id::text), 300, ' memory of the conversation that we had about rivers and their names') || '"}]')::json
  from made cross join lateral generate_series(1, messages) s
)
insert into turn (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id)
select store_id, 1, 1, messages, now(), sha256(store_id::text::bytea), md5('turn-' || store_id)
from made where store_id % 10 = 0
