-- Purpose: last statement of a step of reconciliation.
-- Parameters: $1 the last life, $2 the last tenant, $3 when the walk was finished, or null.
-- Rows: none. Locks: the row. Index: pk_usage_walk.
update usage_walk set life = $1, tenant = $2, finished_at = $3 where id = 1
