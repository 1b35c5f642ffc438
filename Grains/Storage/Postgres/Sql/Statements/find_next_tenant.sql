-- Purpose: the next tenant of the walk of reconciliation.
-- Parameters: $1 the tenant after which to go on, or an empty text.
-- Rows: one, the tenant or null. Locks: none. Index: ix_conversation_tenant, ix_memory_tenant, pk_usage_total.
select least(
  (select min(c.tenant) from conversation c where c.tenant > $1),
  (select min(m.tenant) from memory m where m.tenant > $1 and m.state = 0),
  (select min(t.tenant) from usage_total t where t.tenant > $1))
