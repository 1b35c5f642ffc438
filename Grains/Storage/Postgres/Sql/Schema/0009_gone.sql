-- Purpose: what was deleted or erased does not come back: what stands for the ids of its turns is kept, and an entry that a fork has copied tells whose it is.
-- Kind: contract. A silo of an older build does not clear entry.source_id where it writes an entry that a fork has copied.
-- Frozen once merged: change the schema by adding the next number.

-- Hashes: neither a name nor an id can be read from a row.
create function gone_conversation(tenant text, name text) returns bytea language sql stable parallel safe as
  $$ select sha256(convert_to(tenant, 'UTF8') || '\x00'::bytea || convert_to(name, 'UTF8')) $$;

create function gone_turn_id(turn_id text) returns bytea language sql stable parallel safe as
  $$ select substr(sha256(convert_to(turn_id, 'UTF8')), 1, 16) $$;

create table gone_turn (
  conversation bytea not null,
  turn bytea not null,
  gone_at timestamptz not null,
  constraint pk_gone_turn primary key (conversation, turn)
);

create index ix_gone_turn_gone_at on gone_turn (gone_at);

-- Null where the life has written the entry itself.
alter table entry add column source_id bigint;

comment on column entry.source_id is 'the life that wrote the entry, where this one is a fork that has copied it and not written it since';

-- Forks that are there already: what is as in the parent counts as copied from there.
update entry e
set source_id = c.parent_id
from conversation c
join entry p on p.store_id = c.parent_id
where c.store_id = e.store_id and p.space = e.space and p.key = e.key and p.value::text = e.value::text;
