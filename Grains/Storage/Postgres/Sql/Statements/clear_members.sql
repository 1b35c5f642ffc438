-- Purpose: declares members dead that do not write to this database, unless they have written since they were read.
-- Parameters: $1 cluster; $2 addresses, $3 ports, $4 generations of the members; $5 their last beats and $6 alive times when they were read.
-- Rows: address, port and generation of those that were declared dead.
-- Locks: the cluster's row, then the members'. Index: pk_orleans_cluster, pk_orleans_member.
with cluster as (
  update orleans_cluster set version = version + 1, changed_at = now()
  where cluster_id = $1
  returning cluster_id
)
update orleans_member member set status = 6
from cluster, unnest($2, $3, $4, $5, $6) as seen (address, port, generation, beat, alive_time)
where member.cluster_id = cluster.cluster_id
  and member.address = seen.address and member.port = seen.port and member.generation = seen.generation
  and member.status <> 6 and member.beat is not distinct from seen.beat and member.alive_time = seen.alive_time
returning member.address, member.port, member.generation
