-- Purpose: in a private server: the role that the silo connects as, which owns what is ours and is no superuser, and the one that it reads as; what an earlier release has made as the superuser is handed over.
-- Run as the superuser, as often as one likes. Roles: orleans_memory, orleans_memory_reader.
-- Rows: none. Locks: what changes its owner, exclusively.
do $make_silo_role$
declare
  owned record;
begin
  if not exists (select from pg_roles r where r.rolname = 'orleans_memory') then
    create role orleans_memory login noinherit;
  end if;
  if not exists (select from pg_roles r where r.rolname = 'orleans_memory_reader') then
    create role orleans_memory_reader nologin;
  end if;
  grant orleans_memory_reader to orleans_memory;
  execute format('grant create, temporary on database %I to orleans_memory', current_database());
  for owned in
    with ours as (
      select n.oid, n.nspname, n.nspowner
      from pg_namespace n
      where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
        and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
    )
    select format('alter schema %I owner to orleans_memory', o.nspname) as command
    from ours o
    where o.nspowner <> 'orleans_memory'::regrole
    union all
    select format('alter %s %s owner to orleans_memory', case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, c.oid::regclass)
    from pg_class c
    join ours o on o.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relowner <> 'orleans_memory'::regrole
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i', 'e'))
    union all
    select format('alter routine %s owner to orleans_memory', p.oid::regprocedure)
    from pg_proc p
    join ours o on o.oid = p.pronamespace
    where p.proowner <> 'orleans_memory'::regrole
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  loop
    execute owned.command;
  end loop;
end
$make_silo_role$
