-- Purpose: a page of the tenants, by name, with what they use.
-- Parameters: $1 the tenant after which to go on, or an empty text, $2 the most rows.
-- Rows: as read_usage.sql. Locks: none. Index: pk_usage_total, ix_usage_change_tenant. A tenant is found in either, so that one that has just begun is there too.
with recursive known as (
  (select least((select min(t.tenant) from usage_total t where t.tenant > $1), (select min(c.tenant) from usage_change c where c.tenant > $1)) as tenant, 1::bigint as place)
  union all
  select least((select min(t.tenant) from usage_total t where t.tenant > k.tenant), (select min(c.tenant) from usage_change c where c.tenant > k.tenant)), k.place + 1
  from known k
  where k.tenant is not null and k.place < $2
)
select u.tenant, u.conversations, u.messages, u.bytes, u.memories, u.memory_bytes
from usage_tenant u
where u.tenant = any(array(select k.tenant from known k where k.tenant is not null))
order by u.tenant
