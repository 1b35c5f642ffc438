-- Purpose: what the tables of a schema and their indexes take on disk. Parameters: $1 schema. Rows: table, index (empty for the table itself, with its maps and its TOAST), bytes. Locks: none.
select t.relname::text, '' as index, pg_table_size(t.oid) from pg_class t join pg_namespace n on n.oid = t.relnamespace where n.nspname = $1 and t.relkind = 'r'
union all
select t.relname::text, i.relname::text, pg_relation_size(i.oid)
from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = t.relnamespace
where n.nspname = $1 and t.relkind = 'r'
