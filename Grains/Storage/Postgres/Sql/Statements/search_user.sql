-- Purpose: which messages of several logs fit a search, newest first.
-- Parameters: ranges of rows, in arrays of equal length: $1 terms that name the store id, $2 first and $3 last sequence; $4 what to look for;
--   only behind the message of $5 instant, $6 store id and $7 sequence (null for no bound); $8 the most messages.
-- Rows: store id, sequence, instant. Locks: none. Index: ix_message_search_terms.
select h.store_id, h.sequence, h.created_at
from unnest($1::text[], $2::bigint[], $3::bigint[]) as r(holder, first_sequence, last_sequence)
cross join lateral (
  select s.store_id, s.sequence, s.created_at
  from message_search s
  where s.terms @@ (r.holder::tsquery && $4::tsquery)
    and s.sequence between r.first_sequence and r.last_sequence
    and ($5::timestamptz is null or (s.created_at, s.store_id, s.sequence) < ($5, $6::bigint, $7::bigint))
  order by s.created_at desc, s.sequence desc
  limit $8
) h
order by h.created_at desc, h.store_id desc, h.sequence desc
limit $8
