-- Purpose: which messages of one log fit a search, newest first.
-- Parameters: ranges of rows, in arrays of equal length: $1 terms that name the store id, $2 first and $3 last sequence; $4 what to look for,
--   $5 only before this sequence (null for no bound), $6 the most messages.
-- Rows: store id, sequence. Locks: none. Index: ix_message_search_terms.
select h.store_id, h.sequence
from unnest($1::text[], $2::bigint[], $3::bigint[]) as r(holder, first_sequence, last_sequence)
cross join lateral (
  select s.store_id, s.sequence
  from message_search s
  where s.terms @@ (r.holder::tsquery && $4::tsquery)
    and s.sequence between r.first_sequence and least(r.last_sequence, $5 - 1)
  order by s.sequence desc
  limit $6
) h
order by h.sequence desc
limit $6
