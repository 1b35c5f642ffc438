-- Only where a reading role is set: what it reads of conversations and memories is of one tenant, the one that enter_tenant.sql names. It is no numbered script, since it names a role of the
-- operator's. It is run by the owner when something of it is missing, as often as that is the case, under the migrator's lock. {reader} is the role, put in when the statement is loaded.
do $row_security$
declare
  walled text;
begin
  execute format('grant usage on schema %I to {reader}', current_schema());
  grant select on conversation, entry, gone_turn, memory, memory_event, memory_vector, message, message_search, search_progress, turn to {reader};
  foreach walled in array array['conversation', 'entry', 'memory', 'memory_event', 'message'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('drop policy if exists everybody on %I', walled);
    execute format('drop policy if exists tenant on %I', walled);

    -- Others than the reading role see and change what they were granted, as without row security: a batch has turns of many tenants.
    execute format('create policy everybody on %I using (true) with check (true)', walled);
  end loop;
end
$row_security$;

create policy tenant on conversation as restrictive to {reader} using (tenant = current_setting('orleans_memory.tenant', true));
create policy tenant on memory as restrictive to {reader} using (tenant = current_setting('orleans_memory.tenant', true));

-- What hangs on a conversation is visible with it. Those that were looked up at the beginning of the transaction are a list that is made once for a statement; the rest is looked up by the row.
create policy tenant on message as restrictive to {reader} using (
  store_id = any ((select nullif(current_setting('orleans_memory.lives', true), '')::bigint[])::bigint[])
  or (select true from conversation c where c.store_id = message.store_id));
create policy tenant on entry as restrictive to {reader} using (
  store_id = any ((select nullif(current_setting('orleans_memory.lives', true), '')::bigint[])::bigint[])
  or (select true from conversation c where c.store_id = entry.store_id));
create policy tenant on memory_event as restrictive to {reader} using ((select true from memory m where m.id = memory_event.memory_id));
