-- Purpose: whether a log holds a message id is known without reading the log.
-- Kind: expand. Silos of an older build write to the index without knowing of it.
-- Frozen once merged: change the schema by adding the next number.
-- Ids need not be unique. The sequence keeps a look-up in a part of a log bounded where many messages have one id.
create index ix_message_id on message (store_id, message_id collate "C", sequence);
