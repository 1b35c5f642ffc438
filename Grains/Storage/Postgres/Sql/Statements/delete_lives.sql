-- Purpose: last step of a deletion, a sweep or an erasure: removes all rows of lives that are locked.
-- Parameters: $1 store ids.
-- Rows: how many messages, entries and turn ids were removed. Locks: the rows. Index: the primary keys.
with messages as (delete from message where store_id = any($1) returning 1),
entries as (delete from entry where store_id = any($1) returning 1),
turns as (delete from turn where store_id = any($1) returning 1),
removals as (delete from removal where store_id = any($1)),
terms as (delete from message_search where store_id = any($1)),
searches as (delete from search_progress where store_id = any($1)),
imports as (delete from import where store_id = any($1)),
heads as (delete from conversation where store_id = any($1))
select (select count(*) from messages), (select count(*) from entries), (select count(*) from turns)
