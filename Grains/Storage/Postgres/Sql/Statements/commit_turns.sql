-- Purpose: writes a batch of turns, at most one group of consecutive turns per conversation. A group whose conversation is not at the expected
--          version, or that has a turn id which is in the journal already, writes nothing; its neighbours do.
-- Parameters, in arrays of equal length per block; an empty one stands for nulls, and in $8, $9 and $15 null for false:
--   heads    $1 store id, $2 expected version, $3 version after, $4 first and $5 last sequence after, $6 instant, $7 expiry or null,
--            $8 truncates, $9 whether the settings change, $10 user, $11 agent, $12 title, $13 metadata, $14 ttl in microseconds, $15 sliding
--   turns    $16 store id, $17 turn id, $18 payload hash, $19 version, $20 first and $21 last sequence or null, $22 instant
--   messages $23 store id, $24 sequence, $25 instant, $26 bytes, $27 role, $28 message id, $29 author, $30 contents, $31 metadata, $32 tool links
--   entries  $33 store id, $34 space, $35 key, $36 value, $37 expiry or null
--   deletes  $38 store id, $39 space, $40 key
--   lists    of the heads: $41 labels as a JSON array or null; of the turns: $42 updated_at before the turn, null where it begins the life
--   sizes    of the heads: $44 bytes of the messages that are appended; those of entries are told from what is there
--   $43      whether to ask the journal for the turn ids first; else one that is there already violates a key and nothing is written
-- Rows: the store ids that were written.
-- Locks: the heads, in the order of their ids: they come through pk_conversation, or as $1 has them, which is sorted.
-- Index: pk_conversation, pk_turn, pk_entry.
-- No index has a column that changes at every turn, so that the update of a head stays on its page (HOT): listed_at follows updated_at once a minute.
-- The journal is asked by a scalar subquery, which the planner never turns into a scan of the table. That a head is live is asked as state < 1: written as
-- state = 0 it would let the planner read all of uq_conversation_name, which it does while it believes that the table is small.
with turn_in as (
  select *
  from unnest($16::bigint[], $17::text[], $18::bytea[], $19::bigint[], $20::bigint[], $21::bigint[], $22::timestamptz[], $42::timestamptz[])
    as t(store_id, turn_id, payload_hash, version, first_sequence, last_sequence, committed_at, previous_at)
),
seen as materialized (
  select t.store_id
  from turn_in t
  where $43::boolean and (select j.version from turn j where j.store_id = t.store_id and j.turn_id = t.turn_id) is not null
),
entry_change as materialized (
  select w.store_id,
    sum(w.bytes - coalesce((
      select coalesce(e.bytes, octet_length(e.value::text)) from entry e where e.store_id = w.store_id and e.space = w.space and e.key = w.key), 0)) as bytes
  from (
    select e.store_id, e.space, e.key, octet_length(e.value::text) as bytes
    from unnest($33::bigint[], $34::text[], $35::text[], $36::json[]) as e(store_id, space, key, value)
    union all
    select d.store_id, d.space, d.key, 0 from unnest($38::bigint[], $39::text[], $40::text[]) as d(store_id, space, key)
  ) w
  group by w.store_id
),
head_in as materialized (
  select h.*, coalesce(x.bytes, 0) as entry_bytes
  from unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::boolean[],
    $9::boolean[], $10::text[], $11::text[], $12::text[], $13::json[], $14::bigint[], $15::boolean[], $41::json[], $44::bigint[])
    as h(store_id, expected_version, version, first_sequence, last_sequence, at, expires_at, truncates,
      changes_settings, user_id, agent_id, title, metadata, ttl_microseconds, ttl_sliding, labels, message_bytes)
  left join entry_change x on x.store_id = h.store_id
  where h.store_id not in (select s.store_id from seen s)
),
written as (
  update conversation c
  set version = h.version,
      first_sequence = h.first_sequence,
      last_sequence = h.last_sequence,
      updated_at = greatest(c.updated_at, h.at),
      listed_at = case when h.at > c.listed_at + interval '1 minute' then h.at else c.listed_at end,
      expires_at = h.expires_at,
      message_bytes = c.message_bytes + h.message_bytes,
      entry_bytes = c.entry_bytes + h.entry_bytes,
      user_id = case when h.changes_settings then h.user_id else c.user_id end,
      agent_id = case when h.changes_settings then h.agent_id else c.agent_id end,
      title = case when h.changes_settings then h.title else c.title end,
      metadata = case when h.changes_settings then h.metadata else c.metadata end,
      labels = case when h.changes_settings then (select array_agg(l.label) from json_array_elements_text(h.labels) as l(label)) else c.labels end,
      ttl_microseconds = case when h.changes_settings then h.ttl_microseconds else c.ttl_microseconds end,
      ttl_sliding = case when h.changes_settings then coalesce(h.ttl_sliding, false) else c.ttl_sliding end
  from head_in h
  where c.store_id = any($1)
    and c.store_id = h.store_id
    and c.version = h.expected_version
    and c.state < 1
  returning c.store_id, h.truncates, c.first_sequence
),
journalled as (
  insert into turn (store_id, turn_id, payload_hash, version, first_sequence, last_sequence, committed_at, previous_at)
  select t.store_id, t.turn_id, t.payload_hash, t.version, t.first_sequence, t.last_sequence, t.committed_at, t.previous_at
  from turn_in t
  join written w on w.store_id = t.store_id
),
appended as (
  insert into message (store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  select m.store_id, m.sequence, m.created_at, m.bytes, m.role, m.message_id, m.author, m.contents, m.metadata, m.tool_links
  from unnest(
    $23::bigint[], $24::bigint[], $25::timestamptz[], $26::integer[], $27::text[], $28::text[], $29::text[], $30::json[], $31::json[],
    $32::json[])
    as m(store_id, sequence, created_at, bytes, role, message_id, author, contents, metadata, tool_links)
  join written w on w.store_id = m.store_id
),
set_entries as (
  insert into entry (store_id, space, key, value, expires_at, bytes)
  select e.store_id, e.space, e.key, e.value, e.expires_at, octet_length(e.value::text)
  from unnest($33::bigint[], $34::text[], $35::text[], $36::json[], $37::timestamptz[]) as e(store_id, space, key, value, expires_at)
  join written w on w.store_id = e.store_id
  on conflict (store_id, space, key) do update set value = excluded.value, expires_at = excluded.expires_at, source_id = null, bytes = excluded.bytes
),
removed_entries as (
  delete from entry e
  using unnest($38::bigint[], $39::text[], $40::text[]) as d(store_id, space, key), written w
  where e.store_id = any($38) and e.store_id = d.store_id and e.space = d.space and e.key = d.key and w.store_id = d.store_id
),
truncated as (
  insert into removal (store_id, before_sequence)
  select w.store_id, w.first_sequence
  from written w
  where w.truncates
  on conflict (store_id) do update set before_sequence = excluded.before_sequence
)
select store_id from written
