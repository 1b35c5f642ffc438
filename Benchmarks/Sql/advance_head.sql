-- Purpose: the head update of a floor without group commit. Parameters: $1 store id. Rows: none. Locks: the head. Index: pk_conversation.
update conversation set version = version + 1, last_sequence = last_sequence + 1, updated_at = now() where store_id = $1
