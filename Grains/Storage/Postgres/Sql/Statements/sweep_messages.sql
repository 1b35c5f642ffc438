-- Purpose: removes truncated messages that no fork shares, from one conversation at a time.
-- Parameters: $1 the most rows.
-- Rows: how many messages were removed. Locks: the entry in removal, skipping those that others hold; the messages.
-- Index: pk_removal, ix_conversation_parent, pk_message.
with target as (
  select r.store_id, r.before_sequence
  from removal r
  where not exists (select 1 from conversation f where f.parent_id = r.store_id)
  order by r.store_id
  limit 1
  for update skip locked
),
doomed as (
  select m.store_id, m.sequence
  from target t
  join message m on m.store_id = t.store_id and m.sequence < t.before_sequence
  order by m.sequence
  limit $1
),
gone as (
  delete from message m
  using doomed d
  where m.store_id = d.store_id and m.sequence = d.sequence
  returning 1
),
finished as (
  delete from removal r
  using target t
  where r.store_id = t.store_id and (select count(*) from doomed) < $1
)
select (select count(*) from gone), (select count(*) from target)
