-- Purpose: reads the state of a grain, for the embedded host.
-- Parameters: $1 service, $2 name of the state, $3 key of the grain.
-- Rows: version; the state as JSON, null once it was cleared. None when there never was one.
-- Locks: none. Index: pk_grain_state.
select version, payload from grain_state where service_id = $1 and state_name = $2 and key_text = $3 and key_n0 = 0 and key_n1 = 0
