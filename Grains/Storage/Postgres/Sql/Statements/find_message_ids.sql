-- Purpose: where some parts of logs hold message ids.
-- Parameters: $1 store ids, $2 first and $3 last sequences, in arrays of equal length; $4 message ids.
-- Rows: a message id and the sequence of its newest message, for each part that holds it. Locks: none. Index: ix_message_id_near; store_id + 0 keeps the primary key out, the limit the planner from
--          joining with the whole table.
select i.id, f.sequence
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as s(store_id, first_sequence, last_sequence)
cross join unnest($4::text[]) as i(id)
cross join lateral (
  select m.sequence
  from message m
  where ((m.store_id << 20) | (hashtextextended(m.message_id collate "C", 0) & 1048575)) = ((s.store_id << 20) | (hashtextextended(i.id collate "C", 0) & 1048575))
    and m.store_id + 0 = s.store_id and m.message_id collate "C" = i.id and m.sequence between s.first_sequence and s.last_sequence
  order by m.sequence desc
  limit 1) f
