-- Purpose: the list of schema scripts that were run. Builds before the ninth script made it without its last column.
-- Rows: none.
create table if not exists schema_version (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now(),
  expands boolean not null default false,
  constraint pk_schema_version primary key (number)
);

do $$
begin
  if not exists (select 1 from pg_attribute a where a.attrelid = 'schema_version'::regclass and a.attname = 'expands') then
    alter table schema_version add column expands boolean not null default false;
  end if;
end
$$
