-- Purpose: removes truncated messages of a conversation that pick_truncated.sql has picked in this transaction, and what is indexed of them.
-- Parameters: $1 store id, $2 the sequence before which messages go, $3 the most rows.
-- Rows: how many messages were removed. Locks: the head, which lock_truncated.sql has locked, the messages and their search rows. Index: pk_message, pk_message_search, pk_removal.
with targets as (
  select m.store_id, m.sequence
  from message m
  where m.store_id = $1 and m.sequence < $2
  order by m.sequence
  limit $3
),
gone as (
  delete from message m
  using targets d
  where m.store_id = d.store_id and m.sequence = d.sequence
  returning m.bytes
),
terms as (
  delete from message_search s
  using targets d
  where s.store_id = d.store_id and s.sequence = d.sequence
),
shrunk as (
  update conversation
  set state = state, message_bytes = message_bytes - (select coalesce(sum(g.bytes), 0) from gone g)
  where store_id = $1
),
finished as (
  delete from removal r
  where r.store_id = $1 and (select count(*) from targets) < $3
)
select count(*) from gone
