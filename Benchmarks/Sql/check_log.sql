-- Purpose: whether a conversation's log and journal are whole. Parameters: $1 tenant, $2 name.
-- Rows: one: version, last sequence; messages, least and greatest sequence; turns, different and greatest version. Locks: none. Index: all primary keys.
select c.version, c.last_sequence, m.*, t.*
from conversation c,
  lateral (select count(*), min(m.sequence), max(m.sequence) from message m where m.store_id = c.store_id) m,
  lateral (select count(*), count(distinct t.version), max(t.version) from turn t where t.store_id = c.store_id) t
where c.tenant = $1 and c.name = $2 and c.state = 0
