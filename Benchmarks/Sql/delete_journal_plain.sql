-- Purpose: forgets the 500,000 turns of the first day as sweep_turns.sql does, 1,000 at a time. Parameters: none. Rows: none. Locks: the rows. Index: on committed_at.
do $$
begin
  for i in 1..510 loop
    delete from journal_plain
    where ctid = any(array(select t.ctid from journal_plain t where t.committed_at < '2026-01-02'::timestamptz order by t.committed_at limit 1000 for update skip locked));
  end loop;
end $$
