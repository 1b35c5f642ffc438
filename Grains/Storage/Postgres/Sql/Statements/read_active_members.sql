-- Purpose: the silos that are members of a cluster by the table, be they alive or not.
-- Parameters: $1 cluster.
-- Rows: address; port for other silos; when the silo last said that it is alive.
-- Locks: none. Index: pk_orleans_member.
select address, port, greatest(alive_time, start_time) from orleans_member where cluster_id = $1 and status = 3
