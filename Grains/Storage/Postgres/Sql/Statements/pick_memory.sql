-- Purpose: whether a tenant has a memory that is not deleted yet.
-- Parameters: $1 tenant, $2 id.
-- Rows: none or one: id. Locks: none. Index: pk_memory.
select m.id from memory m where m.id = $2 and m.tenant = $1 and m.state <> 2
