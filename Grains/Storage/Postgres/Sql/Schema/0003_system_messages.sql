-- Purpose: system messages are found without reading the rest of a log.
-- Frozen once merged: change the schema by adding the next number.
create index ix_message_system on message (store_id, sequence) where role = 'system';
