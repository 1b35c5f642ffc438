-- Purpose: first statement of what reads for one tenant: the rest of the transaction runs as the reading role, which sees rows of this tenant only, whatever the
--          statements say.
-- Parameters: $1 the reading role, $2 the tenant, $3 the lives whose rows are about to be read: those of the tenant are not looked up again for every row.
-- Rows: one, of no use. Locks: none. Index: pk_conversation.
-- Plans are made once: with a policy in them the planner would make one for every call, which takes longer than the reading.
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('orleans_memory.tenant', $2, true),
  set_config('orleans_memory.lives', (select coalesce(array_agg(c.store_id), '{}')::text from conversation c where c.store_id = any($3) and c.tenant = $2), true),
  set_config('role', $1, true)
