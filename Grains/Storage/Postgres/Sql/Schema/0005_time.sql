-- Purpose: what is due is found by the share of the expiry wheel that it belongs to; reminders of the embedded host.
-- Frozen once merged: change the schema by adding the next number.

-- The wheel has 256 slots. 64 ids that follow one another, and lie together on the disk, are in the same one; the next 64 in the next one.
drop index ix_conversation_expires_at;
create index ix_conversation_expires_at on conversation (((store_id >> 6) & 255), expires_at) where state < 1 and expires_at is not null;

drop index ix_entry_expires_at;
create index ix_entry_expires_at on entry (((store_id >> 6) & 255), expires_at) where expires_at is not null;

create sequence reminder_etag_seq as bigint;

create table reminder (
  grain_id text collate "C" not null,
  name text collate "C" not null,
  grain_hash bigint not null,
  start_at timestamptz not null,
  period_microseconds bigint not null,
  etag bigint not null,
  constraint pk_reminder primary key (grain_id, name)
);

create index ix_reminder_grain_hash on reminder (grain_hash);
