-- Purpose: the journal of turns as it is, and one that is partitioned by day, with a full day of 500,000 turns in each. Parameters: none. Rows: none. Locks: none.
create table journal_plain (like turn including defaults including indexes);
create table journal_day (like turn including defaults) partition by range (committed_at);
create table journal_day_1 partition of journal_day for values from ('2026-01-01') to ('2026-01-02');
create table journal_day_2 partition of journal_day for values from ('2026-01-02') to ('2026-01-03');
create unique index on journal_day_1 (store_id, turn_id);
create unique index on journal_day_2 (store_id, turn_id);
insert into journal_plain (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id)
select abs(hashint8extended(i, 3) % 100000), i, i, i, '2026-01-01'::timestamptz + i * interval '0.1 second', sha256(i::text::bytea), md5(i::text) from generate_series(1, 500000) i;
insert into journal_day select * from journal_plain
