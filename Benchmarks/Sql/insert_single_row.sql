-- Purpose: what pgbench repeats: a message of 300 bytes by one insert and its commit; the word in braces stands for the message. Parameters: none. Rows: none. Locks: none.
insert into single_insert (contents) values ('{contents}');
