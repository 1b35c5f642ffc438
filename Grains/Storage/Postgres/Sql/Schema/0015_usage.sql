-- Purpose: what every tenant, user and conversation uses, quotas by it, and an audit trail.
-- Kind: expand. Silos of an older build go on working; what they append is counted by the next walk of reconciliation.
-- Frozen once merged: change the schema by adding the next number.
-- A turn writes nothing for it but the counters of the row that it updates in any case. What turns add to a tenant is kept by the silos and sent every few seconds; what is removed,
-- forked, imported or remembered is noted here, by triggers that no turn fires. Their functions look for tables where this script did, so that rows may be changed by hand from anywhere.

-- Null in rows that were there before, until the walk has counted them.
alter table conversation add column message_bytes bigint, add column entry_bytes bigint;
alter table entry add column bytes integer;

comment on column conversation.message_bytes is 'bytes of the message rows of this life; null where nobody has counted them';
comment on column conversation.entry_bytes is 'bytes of the values of its entries; null where nobody has counted them';
comment on column entry.bytes is 'bytes of the value; null where an older build wrote it';

create index ix_conversation_tenant on conversation (tenant, store_id);

create table usage_total (
  tenant text collate "C" not null,
  conversations bigint not null,
  messages bigint not null,
  bytes bigint not null,
  memories bigint not null,
  memory_bytes bigint not null,
  constraint pk_usage_total primary key (tenant)
);

-- Changes that are not folded into the total yet, in any number per tenant, so that nobody waits at a row.
create table usage_change (
  id bigint generated always as identity,
  tenant text collate "C" not null,
  conversations bigint not null default 0,
  messages bigint not null default 0,
  bytes bigint not null default 0,
  memories bigint not null default 0,
  memory_bytes bigint not null default 0,
  constraint pk_usage_change primary key (id)
) with (autovacuum_vacuum_scale_factor = 0.05);

create index ix_usage_change_tenant on usage_change (tenant);

-- What was committed on a day (UTC). It stays when what was committed is removed.
create table usage_day (
  tenant text collate "C" not null,
  day date not null,
  turns bigint not null,
  messages bigint not null,
  bytes bigint not null,
  constraint pk_usage_day primary key (tenant, day)
);

create index ix_usage_day_day on usage_day (day);

-- How far the walk of reconciliation has got (one row): first all lives by id, then the totals of all tenants.
create table usage_walk (
  id smallint not null,
  life bigint not null,
  tenant text collate "C" not null,
  finished_at timestamptz,
  constraint pk_usage_walk primary key (id),
  constraint ck_usage_walk_id check (id = 1)
);

insert into usage_walk (id, life, tenant) values (1, 0, '');

create function usage_note_life() returns trigger language plpgsql set search_path from current as $function$
declare
  conversations bigint := 0;
  messages bigint := 0;
  bytes bigint := 0;
begin
  if tg_op = 'UPDATE' then
    if old.message_bytes is not null then
      bytes := bytes - old.message_bytes - old.entry_bytes;
      if old.state = 0 then
        conversations := conversations - 1;
        messages := messages - (old.last_sequence - old.first_sequence + 1);
      end if;
    end if;
  end if;
  if new.message_bytes is not null then
    bytes := bytes + new.message_bytes + new.entry_bytes;
    if new.state = 0 then
      conversations := conversations + 1;
      messages := messages + (new.last_sequence - new.first_sequence + 1);
    end if;
  end if;
  if conversations <> 0 or messages <> 0 or bytes <> 0 then
    insert into usage_change (tenant, conversations, messages, bytes) values (new.tenant, conversations, messages, bytes);
  end if;
  return null;
end
$function$;

-- A life that a turn begins is version 0 here: the turn's silo counts it.
create trigger conversation_usage_made after insert on conversation
  for each row when (new.version > 0 or new.state <> 0) execute function usage_note_life();

-- Statements of turns set neither column. Statements that remove or add rows beside turns set state, to what it is.
create trigger conversation_usage_changed after update of state, parent_id on conversation
  for each row execute function usage_note_life();

create function usage_note_removed() returns trigger language plpgsql set search_path from current as $function$
begin
  insert into usage_change (tenant, conversations, messages, bytes)
  select o.tenant,
    -count(*) filter (where o.state = 0),
    -coalesce(sum(o.last_sequence - o.first_sequence + 1) filter (where o.state = 0), 0),
    -sum(o.message_bytes + o.entry_bytes)
  from gone o
  where o.message_bytes is not null
  group by o.tenant;
  return null;
end
$function$;

create trigger conversation_usage_removed after delete on conversation
  referencing old table as gone for each statement execute function usage_note_removed();

create function usage_note_recorded() returns trigger language plpgsql set search_path from current as $function$
begin
  insert into usage_change (tenant, memories, memory_bytes)
  select m.tenant, count(*), sum(m.bytes) from made m where m.state = 0 group by m.tenant;
  return null;
end
$function$;

create trigger memory_usage_made after insert on memory
  referencing new table as made for each statement execute function usage_note_recorded();

create function usage_note_forgotten() returns trigger language plpgsql set search_path from current as $function$
begin
  insert into usage_change (tenant, memories, memory_bytes)
  select m.tenant, -count(*), -sum(m.bytes) from gone m where m.state = 0 group by m.tenant;
  return null;
end
$function$;

create trigger memory_usage_removed after delete on memory
  referencing old table as gone for each statement execute function usage_note_forgotten();

create function usage_note_memory() returns trigger language plpgsql set search_path from current as $function$
begin
  insert into usage_change (tenant, memories, memory_bytes)
  select c.tenant, sum(c.memories), sum(c.bytes)
  from (
    select n.tenant, 1 as memories, n.bytes from made n where n.state = 0
    union all
    select o.tenant, -1, -o.bytes from gone o where o.state = 0
  ) c
  group by c.tenant
  having sum(c.memories) <> 0 or sum(c.bytes) <> 0;
  return null;
end
$function$;

create trigger memory_usage_changed after update on memory
  referencing old table as gone new table as made for each statement execute function usage_note_memory();

create view usage_tenant as
select u.tenant, sum(u.conversations)::bigint as conversations, sum(u.messages)::bigint as messages, sum(u.bytes)::bigint as bytes,
  sum(u.memories)::bigint as memories, sum(u.memory_bytes)::bigint as memory_bytes
from (
  select tenant, conversations, messages, bytes, memories, memory_bytes from usage_total
  union all
  select tenant, conversations, messages, bytes, memories, memory_bytes from usage_change
) u
group by u.tenant;

create view usage_conversation as
select c.tenant, c.name as conversation, c.user_id, c.agent_id, c.last_sequence - c.first_sequence + 1 as messages, c.version as turns,
  coalesce(c.message_bytes + c.entry_bytes, 0) as bytes, c.created_at, c.updated_at, c.expires_at
from conversation c
where c.state = 0;

create view usage_user as
select u.tenant, u.user_id, sum(u.conversations)::bigint as conversations, sum(u.messages)::bigint as messages, sum(u.bytes)::bigint as bytes,
  sum(u.memories)::bigint as memories, sum(u.memory_bytes)::bigint as memory_bytes, max(u.updated_at) as updated_at
from (
  select c.tenant, c.user_id, 1 as conversations, c.last_sequence - c.first_sequence + 1 as messages, coalesce(c.message_bytes + c.entry_bytes, 0) as bytes,
    0 as memories, 0 as memory_bytes, c.updated_at
  from conversation c
  where c.state = 0 and c.user_id is not null
  union all
  select m.tenant, m.user_id, 0, 0, 0, 1, m.bytes, m.updated_at
  from memory m
  where m.state = 0 and m.user_id is not null
) u
group by u.tenant, u.user_id;

-- The key of the hashes in audit (one row), made here and nowhere else: without it nobody can tell whose row one is.
create table audit_key (
  id smallint not null,
  key bytea not null,
  constraint pk_audit_key primary key (id),
  constraint ck_audit_key_id check (id = 1)
);

insert into audit_key (id, key)
values (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

create table audit (
  id bigint generated always as identity,
  at timestamptz not null,
  completed_at timestamptz,
  tenant text collate "C" not null,
  action text collate "C" not null,
  actor text not null,
  subject bytea,
  counts json,
  constraint pk_audit primary key (id)
);

comment on column audit.subject is 'HMAC-SHA256 of the id of the user or conversation, with audit_key';
comment on column audit.completed_at is 'null where what was begun has not ended, or nobody knows how';

create index ix_audit_tenant on audit (tenant, id);
create index ix_audit_at on audit (at);
