-- Purpose: removes a life that pick_life_to_sweep.sql has picked in this transaction, in bounded steps: a step that reaches the bound leaves the head, so
--          that the next one goes on.
-- Parameters: $1 store id, $2 the most messages.
-- Rows: whether the head went too, and how many messages were removed. Locks: the rows. Index: the primary keys.
with targets as (
  select m.store_id, m.sequence
  from message m
  where m.store_id = $1
  order by m.sequence
  limit $2
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
finished as (
  select $1 as store_id where (select count(*) from targets) < $2
),
entries as (delete from entry e using finished f where e.store_id = f.store_id),
turns as (delete from turn j using finished f where j.store_id = f.store_id),
removals as (delete from removal r using finished f where r.store_id = f.store_id),
imports as (delete from import i using finished f where i.store_id = f.store_id),
searches as (delete from search_progress g using finished f where g.store_id = f.store_id),
shrunk as (
  update conversation
  set state = state, message_bytes = message_bytes - (select coalesce(sum(g.bytes), 0) from gone g)
  where store_id = $1 and not exists (select 1 from finished)
),
heads as (delete from conversation c using finished f where c.store_id = f.store_id)
select exists (select 1 from finished), (select count(*) from gone)
