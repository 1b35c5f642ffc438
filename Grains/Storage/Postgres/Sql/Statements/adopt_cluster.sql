-- Purpose: notes whose transaction ids memories have, where the database was restored into another cluster.
-- Rows: none; one is affected when the cluster is another one. Locks: the row. Index: pk_memory_cluster.
update memory_cluster c set system_identifier = s.system_identifier
from pg_control_system() s
where c.system_identifier <> s.system_identifier
