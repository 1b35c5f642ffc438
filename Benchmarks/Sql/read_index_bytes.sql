-- Purpose: what the indexes of tables take whose names begin alike. Parameters: $1 how they begin. Rows: one. Locks: none.
select sum(pg_indexes_size(oid))::bigint from pg_class where relnamespace = current_schema::regnamespace and relkind = 'r' and starts_with(relname::text, $1)
