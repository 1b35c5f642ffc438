-- Purpose: the message ids of one conversation lie together in their index.
-- Kind: expand. Silos of the release before write to the index without knowing of it, and find ids through the primary key, which takes longer. Builds between 0012 and this script, of which there was
--          no release, look for ids through the index that goes: stop them before.
-- Frozen once merged: change the schema by adding the next number.
-- The hash of 0012 scatters the ids of one conversation over the whole index. In a table with more pages than there are appends between two checkpoints each append then changes another page for the
-- first time, and logs all of it: 4.9 KB of WAL for a message where 1.2 KB do (docs/scale.md). Here 20 bits of the id's hash stand behind the store id. A conversation of a million messages has one
-- look-alike for an id; ids are compared after the index. Store ids from 2^43 on lose their upper bits, which makes look-alikes and nothing worse.
create index ix_message_id_near on message (((store_id << 20) | (hashtextextended(message_id collate "C", 0) & 1048575)), sequence);
drop index ix_message_id_hash;
