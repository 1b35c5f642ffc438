-- Purpose: 500,000 messages in 100,000 conversations: as they are, twice; in 16 partitions by conversation; with message ids indexed by one hash over all conversations, as schema scripts 0012 and 0013 had it;
--          with message ids not indexed. Parameters: none. Rows: none. Locks: none.
create table message_plain (like message including defaults including indexes);
create table message_packed (like message including defaults including indexes);
create table message_parted (like message including defaults, primary key (store_id, sequence)) partition by hash (store_id);
create index on message_parted (((store_id << 20) | (hashtextextended(message_id collate "C", 0) & 1048575)), sequence);
create index on message_parted (store_id, sequence) where tool_links is not null;
create index on message_parted (store_id, sequence) where role = 'system';
do $$ begin for i in 0..15 loop execute format('create table message_part_%s partition of message_parted for values with (modulus 16, remainder %s)', i, i); end loop; end $$;
create table message_hash (like message including defaults, primary key (store_id, sequence));
create index on message_hash (hashtextextended(message_id collate "C", store_id), sequence);
create table message_bare (like message including defaults, primary key (store_id, sequence));
insert into message_plain (store_id, sequence, created_at, bytes, role, message_id, contents)
select i % 100000, i / 100000 + 1, now(), 331, 'user', md5('m' || i), ('[{"$type":"text","text":"' || rpad(md5(i::text), 300, ' memory of the conversation that we had') || '"}]')::json
from generate_series(0, 499999) i;
insert into message_packed select * from message_plain;
insert into message_parted select * from message_plain;
insert into message_hash select * from message_plain;
insert into message_bare select * from message_plain
