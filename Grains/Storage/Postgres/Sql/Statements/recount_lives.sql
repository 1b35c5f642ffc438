-- Purpose: counts the next lives anew, from their rows. Nothing is locked while it counts: what has changed since is left to the next walk.
-- Parameters: $1 the life after which to go on, $2 the most lives, $3 the most messages, which one life may exceed.
-- Rows: the last life or null when there is none left, how many were looked at, how many had another count. Locks: the heads that are corrected, while they are.
-- Index: pk_conversation, pk_message, pk_entry. The trigger on state notes the difference.
with picked as materialized (
  select n.*
  from (
    select c.store_id, c.version, c.message_bytes, c.entry_bytes,
      sum(c.last_sequence - greatest(c.first_sequence - 1, coalesce(c.parent_sequence, 0))) over (order by c.store_id)
        - (c.last_sequence - greatest(c.first_sequence - 1, coalesce(c.parent_sequence, 0))) as before
    from (select * from conversation where store_id > $1 order by store_id limit $2) c
  ) n
  where n.before <= $3
),
counted as materialized (
  select p.store_id, p.version, p.message_bytes, p.entry_bytes,
    (select coalesce(sum(m.bytes), 0) from message m where m.store_id = p.store_id) as messages,
    (select coalesce(sum(octet_length(e.value::text)), 0) from entry e where e.store_id = p.store_id) as entries
  from picked p
),
corrected as (
  update conversation c
  set state = c.state, message_bytes = k.messages, entry_bytes = k.entries
  from counted k
  where c.store_id = any(array(
      select d.store_id from counted d where d.message_bytes is distinct from d.messages or d.entry_bytes is distinct from d.entries))
    and c.store_id = k.store_id
    and c.version = k.version
    and c.message_bytes is not distinct from k.message_bytes
    and c.entry_bytes is not distinct from k.entry_bytes
  returning 1
)
select max(p.store_id), count(*), (select count(*) from corrected) from picked p
