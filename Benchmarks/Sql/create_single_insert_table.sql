-- Purpose: the table of pgbench's single inserts. Parameters: none. Rows: none. Locks: none.
create table single_insert (id bigint generated always as identity primary key, at timestamptz not null default now(), contents json not null)
