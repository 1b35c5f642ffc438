-- Purpose: writes the state of a grain, or clears it, if it is still the version that the writer knows; for the embedded host.
-- Parameters: $1 service, $2 name of the state, $3 key of the grain, $4 the version that is known, null for none, $5 the state as JSON, null to clear it.
-- Rows: the new version; none when another version is stored.
-- Locks: the row. Index: pk_grain_state.
with updated as (
  update grain_state set payload = $5, version = version + 1, modified_at = now()
  where service_id = $1 and state_name = $2 and key_text = $3 and key_n0 = 0 and key_n1 = 0 and version = $4
  returning version
), inserted as (
  insert into grain_state (service_id, state_name, key_text, key_n0, key_n1, version, payload, modified_at)
  select $1, $2, $3, 0, 0, 1, $5, now()
  where $4 is null and $5 is not null
  on conflict on constraint pk_grain_state do nothing
  returning version
)
select version from updated
union all
select version from inserted
