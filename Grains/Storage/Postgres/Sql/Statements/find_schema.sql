-- Purpose: whether a schema exists. An account that owns it need not be allowed to create schemas, which "if not exists" asks for all the same.
-- Parameters: $1 the schema's name.
-- Rows: one. Locks: none. Index: pg_namespace_nspname_index.
select exists (select 1 from pg_namespace n where n.nspname = $1)
