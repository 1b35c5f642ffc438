-- Purpose: the key of the hashes in the audit trail.
-- Parameters: none. Rows: one. Locks: none. Index: pk_audit_key.
select k.key from audit_key k
