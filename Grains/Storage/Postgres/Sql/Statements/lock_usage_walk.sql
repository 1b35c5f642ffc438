-- Purpose: first statement of a step of reconciliation: where the walk stands. One silo at a time takes a step.
-- Parameters: none.
-- Rows: the last life, the last tenant, when the walk was finished or null; none while another silo takes a step. Locks: the row. Index: pk_usage_walk.
select w.life, w.tenant, w.finished_at from usage_walk w where w.id = 1 for update skip locked
