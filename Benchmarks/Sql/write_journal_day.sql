-- Purpose: the same into the journal by day, asking the day before whether it has the turn: no unique index reaches over both. Parameters: none. Rows: none. Locks: none.
do $$
begin
  for i in 0..4999 loop
    insert into journal_day (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id)
    select abs(hashint8extended(n, 4) % 100000), n, n, n, '2026-01-02 12:00'::timestamptz, '\x0102030405060708010203040506070801020304050607080102030405060708'::bytea, md5('p' || n)
    from generate_series(i * 20, i * 20 + 19) n
    where not exists (select from journal_day_1 d where d.store_id = abs(hashint8extended(n, 4) % 100000) and d.turn_id = md5('p' || n) offset 0);
  end loop;
end $$
