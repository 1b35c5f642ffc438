-- Purpose: the table of the floor that only waits for the disk. Parameters: none. Rows: none. Locks: none.
create table bare_commit (id bigint generated always as identity primary key, at timestamptz not null default now())
