-- Purpose: what is left of conversations, and how many reminders there are. Rows: one. Locks: none.
select (select count(*) from conversation) + (select count(*) from message) + (select count(*) from entry) + (select count(*) from turn),
  (select count(*) from orleans_reminder)
