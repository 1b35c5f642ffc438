-- Purpose: the list of schema scripts that were run.
-- Rows: none.
create table if not exists schema_version (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now(),
  constraint pk_schema_version primary key (number)
)
