-- Purpose: long-term memories, their history and vectors, the keys of recordings.
-- Frozen once merged: change the schema by adding the next number.

-- The order of memories. Numbers of two recordings that overlap in time may become visible in any order.
create sequence memory_position_seq as bigint;

create table memory (
  position bigint not null,
  owner bigint not null,
  changed xid8 not null,
  version bigint not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz,
  gone_at timestamptz,
  id uuid not null,
  bytes integer not null,
  kind smallint not null,
  state smallint not null,
  distilled boolean not null,
  extracts boolean not null,
  embedded boolean not null,
  tenant text collate "C" not null,
  agent text collate "C",
  user_id text collate "C",
  session text collate "C",
  role text,
  speaker text,
  message_id text,
  conversation_id text collate "C",
  labels text[],
  caption text,
  metadata json,
  body text not null,
  constraint pk_memory primary key (id),
  constraint ck_memory_kind check (kind in (0, 1)),
  constraint ck_memory_state check (state in (0, 1, 2)),
  constraint ck_memory_names check (agent is not null or user_id is not null or session is not null)
) with (autovacuum_vacuum_scale_factor = 0.05);

comment on column memory.state is '0 live, 1 retired, 2 deleted: only id and names are left, until every reader has learnt of it';
comment on column memory.changed is 'the transaction that changed the row last';
comment on column memory.owner is 'a hash of tenant, agent, user and session';
comment on column memory.bytes is 'bytes of body, caption and metadata';
comment on column memory.distilled is 'recorded by the extractor';
comment on column memory.extracts is 'facts are still to be distilled from it';
comment on column memory.embedded is 'memory_vector has a vector of what it says';

-- What a tenant or a name shows, newest first.
create index ix_memory_tenant on memory (tenant, position) where state = 0;
create index ix_memory_agent on memory (tenant, agent, position) where state = 0 and agent is not null;
create index ix_memory_user on memory (tenant, user_id, position) where state = 0 and user_id is not null;
create index ix_memory_session on memory (tenant, session, position) where state = 0 and session is not null;

-- What has changed of it lately, rows that are gone included.
create index ix_memory_agent_changed on memory (tenant, agent, changed) where agent is not null;
create index ix_memory_user_changed on memory (tenant, user_id, changed) where user_id is not null;
create index ix_memory_session_changed on memory (tenant, session, changed) where session is not null;

create index ix_memory_conversation on memory (tenant, conversation_id) where conversation_id is not null;
create index ix_memory_labels on memory using gin (labels) where state = 0 and labels is not null;
create index ix_memory_expires_at on memory (expires_at) where expires_at is not null;
create index ix_memory_gone_at on memory (gone_at) where gone_at is not null;
create index ix_memory_to_extract on memory (owner, position) where state = 0 and extracts;
create index ix_memory_to_embed on memory (owner, position) where state = 0 and not embedded;

-- What happened to a memory after it was recorded. previous is what it said before, null where that did not change.
create table memory_event (
  memory_id uuid not null,
  version bigint not null,
  at timestamptz not null,
  kind smallint not null,
  by_extractor boolean not null,
  previous text,
  constraint pk_memory_event primary key (memory_id, version)
);

-- Little-endian 32-bit floating point numbers.
create table memory_vector (
  memory_id uuid not null,
  owner bigint not null,
  model text collate "C" not null,
  vector bytea not null,
  constraint pk_memory_vector primary key (memory_id)
);

create index ix_memory_vector_model on memory_vector (model, owner, memory_id);

-- Keys of recordings, for a window. The key itself is not kept.
create table memory_recording (
  key_hash bytea not null,
  recorded_at timestamptz not null,
  payload_hash bytea not null,
  tenant text collate "C" not null,
  agent text collate "C",
  user_id text collate "C",
  session text collate "C",
  conversation_id text collate "C",
  ids uuid[] not null,
  constraint pk_memory_recording primary key (key_hash)
);

create index ix_memory_recording_user on memory_recording (tenant, user_id);
create index ix_memory_recording_conversation on memory_recording (tenant, conversation_id) where conversation_id is not null;
create index ix_memory_recording_recorded_at on memory_recording (recorded_at);

-- Whose transaction ids memory.changed has: those of another cluster mean nothing here.
create table memory_cluster (
  system_identifier bigint not null,
  constraint pk_memory_cluster primary key (system_identifier)
);

insert into memory_cluster (system_identifier) select s.system_identifier from pg_control_system() s;
