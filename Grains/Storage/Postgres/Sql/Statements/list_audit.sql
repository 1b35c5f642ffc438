-- Purpose: a page of the audit trail, newest first.
-- Parameters: $1 tenant, or null for all, $2 the row before which to go on, $3 the hash whose rows are wanted, or null, $4 the most rows.
-- Rows: id, instant, instant of the end or null, tenant, action, actor, subject or null, counts or null. Locks: none. Index: pk_audit, ix_audit_tenant.
select a.id, a.at, a.completed_at, a.tenant, a.action, a.actor, a.subject, a.counts
from audit a
where ($1::text is null or a.tenant = $1) and a.id < $2
  and ($3::bytea is null or a.subject = $3)
order by a.id desc
limit $4
