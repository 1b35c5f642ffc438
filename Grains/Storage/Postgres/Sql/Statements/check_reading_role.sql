-- Purpose: whether a role can be the reading role.
-- Parameters: $1 the role.
-- Rows: one: whether it exists; whether we may become it; whether row security binds it; whether we have its policies upon ourselves, being neither owner nor superuser; whether all of
--       row_security.sql is there for it. Locks: none.
select r.oid is not null,
  r.oid is not null and pg_has_role(r.oid, 'member'),
  r.oid is not null and not (r.rolsuper or r.rolbypassrls) and not pg_has_role(r.oid, c.relowner, 'usage'),
  r.oid is not null and pg_has_role(r.oid, 'usage') and not pg_has_role(c.relowner, 'usage'),
  r.oid is not null and (
    select count(*) = 5
    from pg_policy p
    join pg_class w on w.oid = p.polrelid
    where w.relnamespace = c.relnamespace and p.polname = 'tenant' and not p.polpermissive and r.oid = any(p.polroles) and w.relrowsecurity
      and has_table_privilege(r.oid, w.oid, 'select'))
from pg_class c
left join pg_roles r on r.rolname = $1
where c.oid = 'conversation'::regclass
