-- Purpose: which messages of one life in a range call tools or hold results.
-- Parameters: $1 store id, $2 first and $3 last sequence.
-- Rows: sequence and links, ascending. Locks: none. Index: ix_message_tool_links.
select m.sequence, m.tool_links
from message m
where m.store_id = $1 and m.sequence between $2 and $3 and m.tool_links is not null
order by m.sequence
