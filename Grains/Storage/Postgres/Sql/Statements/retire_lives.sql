-- Purpose: step of a deletion that leaves forks whole: of lives that forks read from only what forks read stays, under no name. Whose it was stays too, so
--          that an erasure finds it. Done again when a fork goes, it takes what no other fork reads.
-- Parameters: $1 store ids of locked lives that have forks.
-- Rows: how many messages, entries and turn ids were removed. Locks: the rows. Index: ix_conversation_parent, the primary keys.
with kept as materialized (
  select f.parent_id as store_id, max(f.parent_sequence) as shared
  from conversation f
  where f.parent_id = any($1)
  group by f.parent_id
),
messages as (
  delete from message m using kept k where m.store_id = k.store_id and m.sequence > k.shared returning m.store_id, m.bytes
),
terms as (
  delete from message_search s using kept k where s.store_id = k.store_id and s.sequence > k.shared
),
entries as (delete from entry where store_id = any($1) returning 1),
turns as (delete from turn where store_id = any($1) returning 1),
heads as (
  update conversation c
  set state = 2,
      version = c.version + 1,
      message_bytes = c.message_bytes - coalesce(g.bytes, 0),
      entry_bytes = case when c.entry_bytes is not null then 0 end,
      first_sequence = least(c.first_sequence, k.shared + 1),
      last_sequence = least(c.last_sequence, k.shared),
      parent_sequence = case when c.parent_id is not null then least(c.parent_sequence, k.shared) end,
      expires_at = null, agent_id = null, title = null, metadata = null, labels = null
  from kept k
  left join (select m.store_id, sum(m.bytes) as bytes from messages m group by m.store_id) g on g.store_id = k.store_id
  where c.store_id = k.store_id
)
select (select count(*) from messages), (select count(*) from entries), (select count(*) from turns)
