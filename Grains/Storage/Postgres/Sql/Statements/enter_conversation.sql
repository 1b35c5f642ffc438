-- Purpose: enter_tenant.sql for what reads one conversation by its name.
-- Parameters: $1 the reading role, $2 the tenant, $3 the conversation's name.
-- Rows: one, of no use. Locks: none. Index: uq_conversation_name.
-- Plans are made once: with a policy in them the planner would make one for every call, which takes longer than the reading.
select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('orleans_memory.tenant', $2, true),
  set_config('orleans_memory.lives', (select coalesce(array_agg(c.store_id), '{}')::text from conversation c where c.tenant = $2 and c.name = $3 and c.state = 0), true),
  set_config('role', $1, true)
