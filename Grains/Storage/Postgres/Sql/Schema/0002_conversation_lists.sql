-- Purpose: lists of conversations by recency, and by metadata.
-- Frozen once merged: change the schema by adding the next number.
-- listed_at is a coarse copy of updated_at, which lags behind it by at most one minute: an index on updated_at would make every turn write to every index of
-- the table; listed_at, and with it the indexes, changes at most once a minute. labels are the metadata's plain properties as key=value.
-- turn.previous_at tells where in the list a conversation stood before a turn moved it; null for the turn that began the life.
alter table conversation
  add column listed_at timestamptz,
  add column labels text[];

alter table turn add column previous_at timestamptz;

update conversation set listed_at = updated_at;

alter table conversation alter column listed_at set not null;

-- The rules of MetadataLabels.cs. A document that PostgreSQL cannot read (an unpaired surrogate, which json keeps and text cannot) gets no labels: it is not found
-- by metadata until its settings are set again.
do $$
declare
  head record;
begin
  for head in select c.store_id, c.metadata from conversation c where c.metadata is not null loop
    begin
      update conversation c
      set labels = (
        select array_agg(kept.label)
        from (
          select last.label
          from (
            select distinct on (m.key)
              replace(replace(m.key, '\', '\\'), '=', '\=') || '=' || coalesce(m.value #>> '{}', 'null') as label,
              json_typeof(m.value) as kind,
              m.place
            from json_each(head.metadata) with ordinality as m(key, value, place)
            order by m.key, m.place desc
          ) last
          where last.kind not in ('object', 'array') and octet_length(last.label) <= 512
          order by last.place
          limit 64
        ) kept)
      where c.store_id = head.store_id;
    exception
      when data_exception then null;
    end;
  end loop;
end
$$;

create index ix_conversation_user on conversation (tenant, user_id, listed_at desc, store_id desc) where state = 0;
create index ix_conversation_agent on conversation (tenant, agent_id, listed_at desc, store_id desc) where state = 0;
create index ix_conversation_listed_at on conversation (tenant, listed_at desc, store_id desc) where state = 0;
create index ix_conversation_labels on conversation using gin (labels) where state = 0 and labels is not null;
