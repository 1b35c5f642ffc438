-- Purpose: the least that a commit can write. Parameters: none. Rows: none. Locks: none.
insert into bare_commit default values
