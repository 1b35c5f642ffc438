-- Purpose: reserves a block of store ids, as long as the increment of the sequence.
-- Rows: the first id of the block and its length. Locks: none. A block that is not used up is lost, which is no harm.
select nextval('conversation_store_id_seq'), (select s.seqincrement from pg_sequence s where s.seqrelid = 'conversation_store_id_seq'::regclass)
