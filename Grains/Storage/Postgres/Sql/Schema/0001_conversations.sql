-- Purpose: conversations, their messages, entries and turn ids.
-- Frozen once merged: change the schema by adding the next number.
-- No foreign keys on message, entry and turn: the only statements that insert there are fed by the row of conversation that they have
-- just locked, and a check per row would cost as much as the row.

-- Store ids are handed out in blocks; the increment is the size of a block.
create sequence conversation_store_id_seq as bigint increment by 512;

create table conversation (
  store_id bigint not null,
  tenant text collate "C" not null,
  name text collate "C" not null,
  state smallint not null,
  version bigint not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  user_id text,
  agent_id text,
  title text,
  metadata json,
  ttl_microseconds bigint,
  ttl_sliding boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz,
  parent_id bigint,
  parent_sequence bigint,
  constraint pk_conversation primary key (store_id),
  constraint ck_conversation_state check (state in (0, 1, 2)),
  constraint ck_conversation_sequence check (first_sequence >= 1 and last_sequence >= first_sequence - 1),
  constraint ck_conversation_parent check ((parent_id is null) = (parent_sequence is null))
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

comment on column conversation.state is '0 live, 1 being imported, 2 replaced by a newer life and to be removed';

create unique index uq_conversation_name on conversation (tenant, name) where state = 0;
create index ix_conversation_expires_at on conversation (expires_at) where state = 0 and expires_at is not null;
create index ix_conversation_parent on conversation (parent_id) where parent_id is not null;
create index ix_conversation_replaced on conversation (store_id) where state = 2;

create table message (
  store_id bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  bytes integer not null,
  role text not null,
  message_id text not null,
  author text,
  contents json not null,
  metadata json,
  tool_links json,
  constraint pk_message primary key (store_id, sequence)
);

create index ix_message_tool_links on message (store_id, sequence) where tool_links is not null;

create table entry (
  store_id bigint not null,
  space text collate "C" not null,
  key text collate "C" not null,
  value json not null,
  expires_at timestamptz,
  constraint pk_entry primary key (store_id, space, key)
);

create index ix_entry_expires_at on entry (expires_at) where expires_at is not null;

create table turn (
  store_id bigint not null,
  version bigint not null,
  first_sequence bigint,
  last_sequence bigint,
  committed_at timestamptz not null,
  payload_hash bytea not null,
  turn_id text collate "C" not null,
  constraint pk_turn primary key (store_id, turn_id)
);

create index ix_turn_committed_at on turn (committed_at);

-- Messages before a sequence that were truncated and wait to be removed.
create table removal (
  store_id bigint not null,
  before_sequence bigint not null,
  constraint pk_removal primary key (store_id)
);

-- Imports that have not been completed.
create table import (
  store_id bigint not null,
  last_sequence bigint not null,
  begun_at timestamptz not null,
  constraint pk_import primary key (store_id)
);

create index ix_import_begun_at on import (begun_at);
