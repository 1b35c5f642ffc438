-- Purpose: the journal row of a floor without group commit.
-- Parameters: $1 store id, $2 version, the sequence as well, $3 instant, $4 payload hash, $5 turn id. Rows: none. Locks: none. Index: pk_turn.
insert into turn (store_id, version, first_sequence, last_sequence, committed_at, payload_hash, turn_id) values ($1, $2, $2, $2, $3, $4, $5)
