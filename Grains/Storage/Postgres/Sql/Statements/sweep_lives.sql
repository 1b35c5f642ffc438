-- Purpose: removes lives that were replaced and that no fork shares, and imports that were abandoned, one at a time and in bounded steps:
--          a step that reaches the bound leaves the head, so that the next one goes on.
-- Parameters: $1 imports begun before this instant are abandoned, $2 the most messages.
-- Rows: state (1 import, 2 replaced life) and whether the head went too; none when there is nothing to do.
-- Locks: the head, skipping those that others hold. Index: ix_conversation_replaced, ix_import_begun_at, ix_conversation_parent, the primary keys.
with target as (
  select c.store_id, c.state
  from conversation c
  where c.store_id in (
    (select r.store_id from conversation r
     where r.state = 2 and not exists (select 1 from conversation f where f.parent_id = r.store_id) order by r.store_id limit 1)
    union all
    (select i.store_id from import i where i.begun_at < $1 order by i.begun_at limit 1)
  )
  order by c.store_id
  limit 1
  for update skip locked
),
doomed as (
  select m.store_id, m.sequence
  from target t
  join message m on m.store_id = t.store_id
  order by m.sequence
  limit $2
),
gone as (
  delete from message m
  using doomed d
  where m.store_id = d.store_id and m.sequence = d.sequence
  returning 1
),
finished as (
  select t.store_id, t.state from target t where (select count(*) from doomed) < $2
),
entries as (delete from entry e using finished f where e.store_id = f.store_id),
turns as (delete from turn j using finished f where j.store_id = f.store_id),
removals as (delete from removal r using finished f where r.store_id = f.store_id),
imports as (delete from import i using finished f where i.store_id = f.store_id),
heads as (delete from conversation c using finished f where c.store_id = f.store_id)
select t.state, exists (select 1 from finished), (select count(*) from gone) from target t
