-- Purpose: the newest messages that a live conversation holds itself, bounded by count and bytes; at least the newest one.
-- Parameters: $1 tenant, $2 name, $3 the most messages, $4 the most bytes.
-- Rows: sequence, message id, role, author, contents, metadata, instant, bytes, newest first. Locks: none. Index: uq_conversation_name, pk_message.
select t.sequence, t.message_id, t.role, t.author, t.contents, t.metadata, t.created_at, t.bytes
from (
  select n.*, sum(n.bytes) over (order by n.sequence desc) as running
  from (
    select m.*
    from message m
    where m.store_id = (select c.store_id from conversation c where c.tenant = $1 and c.name = $2 and c.state = 0)
      and m.sequence >= (select c.first_sequence from conversation c where c.tenant = $1 and c.name = $2 and c.state = 0)
    order by m.sequence desc
    limit $3
  ) n
) t
where t.running <= $4 or t.running = t.bytes
order by t.sequence desc
