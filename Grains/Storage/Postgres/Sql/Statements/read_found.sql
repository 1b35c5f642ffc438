-- Purpose: messages that a search has found, bounded by bytes; at least the first one.
-- Parameters: $1 store ids, $2 sequences, in arrays of equal length; $3 the most bytes.
-- Rows: sequence, message id, role, author, contents, metadata, instant, store id; in the order of the arrays. Locks: none. Index: pk_message.
select t.sequence, t.message_id, t.role, t.author, t.contents, t.metadata, t.created_at, t.store_id
from (
  select m.*, i.place, sum(m.bytes) over (order by i.place) as running
  from unnest($1::bigint[], $2::bigint[]) with ordinality as i(store_id, sequence, place)
  cross join lateral (select * from message n where n.store_id = i.store_id and n.sequence = i.sequence offset 0) m
) t
where t.running <= $3 or t.running = t.bytes
order by t.place
