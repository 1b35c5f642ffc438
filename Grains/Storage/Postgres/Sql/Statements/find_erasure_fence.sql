-- Purpose: the instant up to which lives of a user are erased: the given one, or that of the newest life there is where clocks differ.
-- Parameters: $1 tenant, $2 user, $3 instant.
-- Rows: one. Locks: none. Index: that of conversations by user; pk_import, pk_conversation.
select greatest(
  $3,
  (select max(a.created_at) from conversation a where a.tenant = $1 and a.user_id = $2 and a.state = 0),
  (select max(b.created_at) from import i join conversation b on b.store_id = i.store_id where b.tenant = $1 and b.user_id = $2))
