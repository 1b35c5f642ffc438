-- Purpose: a silo that is leaving needs no lease any more.
-- Parameters: $1 cluster; $2 address; $3 port; $4 generation of the silo.
-- Rows: none. Locks: the silo's row. Index: pk_orleans_member.
update orleans_member set lease = null
where cluster_id = $1 and address = $2 and port = $3 and generation = $4
