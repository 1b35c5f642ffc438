-- Purpose: the message of a floor without group commit.
-- Parameters: $1 store id, $2 sequence, $3 instant, $4 bytes, $5 role, $6 message id, $7 contents. Rows: none. Locks: none. Index: pk_message.
insert into message (store_id, sequence, created_at, bytes, role, message_id, contents) values ($1, $2, $3, $4, $5, $6, $7)
