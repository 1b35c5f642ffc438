-- Purpose: first step of a sweep: locks conversations of one share of the wheel whose time is over. One that was touched since is not among them:
--          the condition is asked again under the lock. One that others hold is left to the next sweep.
-- Parameters: $1 instant, which the server's clock bounds, $2 slots of the share, $3 the most conversations.
-- Rows: store id and about how many rows it has: turns and messages at most, entries up to 1,001. Locks: the heads, skipping those that others hold.
-- Index: ix_conversation_expires_at, pk_entry. That a conversation is live is asked as that index has it, state < 1: written as state = 0 it would let the planner
-- read all of uq_conversation_name, which it does while it believes that the table is small.
select c.store_id,
  c.version + c.last_sequence - coalesce(c.parent_sequence, 0)
    + (select count(*) from (select 1 from entry e where e.store_id = c.store_id limit 1001) counted)
from conversation c
where ((c.store_id >> 6) & 255) = any($2)
  and c.expires_at <= least($1, now() + coalesce(current_setting('orleans_memory.sweep_ahead', true), '0')::interval)
  and c.state < 1
limit $3
for update of c skip locked
