-- Purpose: 2,000 messages, 20 at a time, to 100 conversations that lie far from each other, 20 to each, into message_parted. Parameters: none. Rows: none. Locks: none.
do $$
begin
  for i in 0..99 loop
    insert into message_parted (store_id, sequence, created_at, bytes, role, message_id, contents)
    select (n % 100) * 977, 100 + n / 100, now(), 331, 'user', md5('w' || n), ('[{"$type":"text","text":"' || rpad(md5(n::text), 300, ' memory of the conversation that we had') || '"}]')::json
    from generate_series(i * 20, i * 20 + 19) n;
  end loop;
end $$
