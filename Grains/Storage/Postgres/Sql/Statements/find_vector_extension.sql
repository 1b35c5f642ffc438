-- Purpose: whether the extension `vector` is installed in this database where we may use it.
-- Rows: one, or none without it: the extension's schema, quoted; ours; whether memory_embedding has its column. Locks: none.
select quote_ident(n.nspname), current_schema()::text, exists (
  select 1 from pg_attribute a where a.attrelid = to_regclass('memory_embedding') and a.attname = 'embedding' and not a.attisdropped)
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
where e.extname = 'vector' and has_schema_privilege(n.oid, 'usage')
