-- Purpose: store ids that are reserved from now on lie beyond those that a script has given. Parameters: $1 the first one. Rows: one. Locks: the sequence.
select setval('conversation_store_id_seq', $1, false)
