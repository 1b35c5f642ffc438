-- Purpose: has the next statement of the transaction planned for the values of its parameters, because they decide which index is right.
-- Rows: one, of no use. Locks: none.
select set_config('plan_cache_mode', 'force_custom_plan', true)
