-- The roles of OrleansMemory in a PostgreSQL that is yours (15 or later). Run it with psql in the database for OrleansMemory, as a superuser or as your provider's administrator, before the first migration
-- or at any time after it; running it again changes nothing.
--
--   psql -v owner_password="$OWNER_PASSWORD" -v running_password="$RUNNING_PASSWORD" -f deploy/postgres-roles.sql orleans_memory
--
--   owner    owns the schema and changes it. Used by `orleans-memory-silo --migrate` (ConnectionStrings__PostgresMigration), not by silos that run.
--   running  what silos connect as (ConnectionStrings__Postgres): reads and writes rows, creates and changes no table.
--   reader   what reads for one tenant runs as (OrleansMemory__Postgres__ReadingRole): row security shows it that tenant only, and it can change nothing. No one connects as it.
--   client   what applications connect as that host no silo and look for gateways (ConnectionStrings__Postgres there): reads the list of silos and nothing else.
--
-- Names other than these: -v owner=… -v running=… -v reader=… -v client=… -v schema=…. Without a password a role gets none: it can then connect only where pg_hba.conf asks for none.
\set ON_ERROR_STOP on
\if :{?owner}
\else
  \set owner orleans_memory_owner
\endif
\if :{?running}
\else
  \set running orleans_memory
\endif
\if :{?reader}
\else
  \set reader orleans_memory_reader
\endif
\if :{?client}
\else
  \set client orleans_memory_client
\endif
\if :{?schema}
\else
  \set schema orleans_memory
\endif

begin;

-- The running role does not inherit what it may become: the reader's walls would be its own.
select format('create role %I login', :'owner') where not exists (select from pg_roles where rolname = :'owner') \gexec
select format('create role %I login noinherit', :'running') where not exists (select from pg_roles where rolname = :'running') \gexec
select format('create role %I nologin', :'reader') where not exists (select from pg_roles where rolname = :'reader') \gexec
select format('create role %I login', :'client') where not exists (select from pg_roles where rolname = :'client') \gexec
\if :{?owner_password}
  alter role :"owner" password :'owner_password';
\endif
\if :{?running_password}
  alter role :"running" password :'running_password';
\endif
\if :{?client_password}
  alter role :"client" password :'client_password';
\endif

select :SERVER_VERSION_NUM >= 160000 as names_inheritance \gset
\if :names_inheritance
  grant :"reader" to :"running" with inherit false, set true;
\else
  alter role :"running" noinherit;
  grant :"reader" to :"running";
\endif

create schema if not exists :"schema" authorization :"owner";
grant usage on schema :"schema" to :"running", :"client";

-- What is there, and what the owner's migrations will make. Functions may be called by everybody, as PostgreSQL has it by default.
grant select, insert, update, delete on all tables in schema :"schema" to :"running";
grant usage on all sequences in schema :"schema" to :"running";
alter default privileges for role :"owner" in schema :"schema" grant select, insert, update, delete on tables to :"running";
alter default privileges for role :"owner" in schema :"schema" grant usage on sequences to :"running";

-- The tables of the list of silos, once they are there: run the script again after the first migration where external clients connect.
select format('grant select on %I.orleansquery, %I.orleans_member to %I', :'schema', :'schema', :'client')
where to_regclass(format('%I.orleans_member', :'schema')) is not null \gexec

commit;
