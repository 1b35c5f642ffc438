-- Purpose: full-text search in messages. Rows are made when somebody searches, not when a turn commits.
-- Frozen once merged: change the schema by adding the next number.

-- What is indexed of a message. The terms are made by Grains/Text and name the store id as well, so that one conversation is searched
-- through the index alone. Messages without text have no row.
create table message_search (
  store_id bigint not null,
  sequence bigint not null,
  created_at timestamptz not null,
  terms tsvector not null,
  constraint pk_message_search primary key (store_id, sequence)
);

-- New rows wait in a list that every search reads through; it is kept short.
create index ix_message_search_terms on message_search using gin (terms) with (gin_pending_list_limit = 128);

-- How far the messages that a life holds itself are indexed, and by which analysis.
create table search_progress (
  store_id bigint not null,
  indexed_through bigint not null,
  analysis smallint not null,
  constraint pk_search_progress primary key (store_id)
);
