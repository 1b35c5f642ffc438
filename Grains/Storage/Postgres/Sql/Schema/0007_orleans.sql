-- Purpose: what a cluster of Orleans silos keeps in PostgreSQL (members, reminders) and the states of grains, on either host.
-- Frozen once merged: change the schema by adding the next number.
-- The ADO.NET providers of Orleans issue no other statements than those that they read from orleansquery by their keys. The name of that table, the keys,
-- the parameters and the columns of the results are the providers' contract; tables and statements are ours. A provider that asks for a further key needs a
-- further script. Names are not qualified: the providers connect with our schema on their search path.

create table orleansquery (
  querykey text collate "C" not null,
  querytext text not null,
  constraint pk_orleansquery primary key (querykey)
);

-- One row per cluster. Whoever changes a member changes this row first, so that changes of one cluster come one after the other.
create table orleans_cluster (
  cluster_id text collate "C" not null,
  version integer not null default 0,
  changed_at timestamptz not null default now(),
  constraint pk_orleans_cluster primary key (cluster_id)
);

-- Orleans compares times in milliseconds.
create table orleans_member (
  cluster_id text collate "C" not null,
  address text collate "C" not null,
  port integer not null,
  generation integer not null,
  silo_name text not null,
  host_name text not null,
  status integer not null,
  proxy_port integer,
  suspect_times text,
  start_time timestamptz(3) not null,
  alive_time timestamptz(3) not null,
  constraint pk_orleans_member primary key (cluster_id, address, port, generation),
  constraint fk_orleans_member_cluster foreign key (cluster_id) references orleans_cluster (cluster_id)
);

comment on column orleans_member.status is '1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead';

create table orleans_reminder (
  service_id text collate "C" not null,
  grain_id text collate "C" not null,
  name text collate "C" not null,
  grain_hash integer not null,
  start_time timestamptz(3) not null,
  period_milliseconds bigint not null,
  version integer not null,
  constraint pk_orleans_reminder primary key (service_id, grain_id, name)
);

create index ix_orleans_reminder_grain_hash on orleans_reminder (service_id, grain_hash);

-- A state belongs to a name and a key. The key is text, or one or two numbers, or both; a part that is not there is empty or 0.
create table grain_state (
  service_id text collate "C" not null,
  state_name text collate "C" not null,
  key_text text collate "C" not null,
  key_n0 bigint not null,
  key_n1 bigint not null,
  version integer not null,
  payload bytea,
  modified_at timestamptz not null,
  constraint pk_grain_state primary key (service_id, state_name, key_text, key_n0, key_n1)
);

comment on column grain_state.payload is 'JSON in UTF-8; null once the state was cleared';

insert into orleansquery (querykey, querytext) values
-- Members. Each statement answers with the number of rows that it wrote: 0 is "no".
('InsertMembershipVersionKey', $query$
with inserted as (
  insert into orleans_cluster (cluster_id) values (@DeploymentId)
  on conflict (cluster_id) do nothing
  returning 1
)
select count(*)::integer from inserted
$query$),

('InsertMembershipKey', $query$
with cluster as (
  update orleans_cluster set version = version + 1, changed_at = now()
  where cluster_id = @DeploymentId and version = @Version
    and not exists (
      select from orleans_member
      where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster_id
), inserted as (
  insert into orleans_member (
    cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
  select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
  from cluster
  returning 1
)
select count(*)::integer from inserted
$query$),

('UpdateMembershipKey', $query$
with cluster as (
  update orleans_cluster set version = version + 1, changed_at = now()
  where cluster_id = @DeploymentId and version = @Version
    and exists (
      select from orleans_member
      where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster_id
), updated as (
  update orleans_member member
  set status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
  from cluster
  where member.cluster_id = cluster.cluster_id
    and member.address = @Address and member.port = @Port and member.generation = @Generation
  returning 1
)
select count(*)::integer from updated
$query$),

('UpdateIAmAlivetimeKey', $query$
update orleans_member set alive_time = @IAmAliveTime
where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$query$),

-- The cluster's version comes with a row of nulls where there is no such member.
('MembershipReadRowKey', $query$
select cluster.cluster_id as DeploymentId, member.address as Address, member.port as Port, member.generation as Generation,
  member.silo_name as SiloName, member.host_name as HostName, member.status as Status, member.proxy_port as ProxyPort,
  member.suspect_times as SuspectTimes, member.start_time as StartTime, member.alive_time as IAmAliveTime, cluster.version as Version
from orleans_cluster cluster
left join orleans_member member on member.cluster_id = cluster.cluster_id
  and member.address = @Address and member.port = @Port and member.generation = @Generation
where cluster.cluster_id = @DeploymentId
$query$),

('MembershipReadAllKey', $query$
select cluster.cluster_id as DeploymentId, member.address as Address, member.port as Port, member.generation as Generation,
  member.silo_name as SiloName, member.host_name as HostName, member.status as Status, member.proxy_port as ProxyPort,
  member.suspect_times as SuspectTimes, member.start_time as StartTime, member.alive_time as IAmAliveTime, cluster.version as Version
from orleans_cluster cluster
left join orleans_member member on member.cluster_id = cluster.cluster_id
where cluster.cluster_id = @DeploymentId
$query$),

('GatewaysQueryKey', $query$
select address as Address, proxy_port as ProxyPort, generation as Generation
from orleans_member
where cluster_id = @DeploymentId and status = @Status and proxy_port > 0
$query$),

('CleanupDefunctSiloEntriesKey', $query$
delete from orleans_member
where cluster_id = @DeploymentId and alive_time < @IAmAliveTime and status <> 3
$query$),

('DeleteMembershipTableEntriesKey', $query$
delete from orleans_member where cluster_id = @DeploymentId;
delete from orleans_cluster where cluster_id = @DeploymentId
$query$),

-- Reminders. A range of hashes leaves its begin out and takes its end in.
('UpsertReminderRowKey', $query$
insert into orleans_reminder (service_id, grain_id, name, grain_hash, start_time, period_milliseconds, version)
values (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
on conflict (service_id, grain_id, name) do update set
  grain_hash = excluded.grain_hash, start_time = excluded.start_time, period_milliseconds = excluded.period_milliseconds,
  version = orleans_reminder.version + 1
returning version as Version
$query$),

('ReadReminderRowKey', $query$
select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_milliseconds as Period, version as Version
from orleans_reminder
where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName
$query$),

('ReadReminderRowsKey', $query$
select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_milliseconds as Period, version as Version
from orleans_reminder
where service_id = @ServiceId and grain_id = @GrainId
$query$),

('ReadRangeRows1Key', $query$
select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_milliseconds as Period, version as Version
from orleans_reminder
where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash
$query$),

-- A range that goes past the largest hash, or all of them.
('ReadRangeRows2Key', $query$
select grain_id as GrainId, name as ReminderName, start_time as StartTime, period_milliseconds as Period, version as Version
from orleans_reminder
where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)
$query$),

('DeleteReminderRowKey', $query$
with deleted as (
  delete from orleans_reminder
  where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName and version = @Version
  returning 1
)
select count(*)::integer from deleted
$query$),

('DeleteReminderRowsKey', $query$
delete from orleans_reminder where service_id = @ServiceId
$query$),

-- States. The provider's hashes are not kept: the primary key finds the row, and lets only one of two first writes in. A write that comes too late is
-- answered with the version that it came with.
('ReadFromStorageKey', $query$
select payload as PayloadBinary, version as Version
from grain_state
where service_id = @ServiceId and state_name = @GrainTypeString
  and key_text = coalesce(@GrainIdExtensionString, '') and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
$query$),

('WriteToStorageKey', $query$
with updated as (
  update grain_state set payload = @PayloadBinary, version = version + 1, modified_at = now()
  where service_id = @ServiceId and state_name = @GrainTypeString
    and key_text = coalesce(@GrainIdExtensionString, '') and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
    and version = @GrainStateVersion
  returning version
), inserted as (
  insert into grain_state (service_id, state_name, key_text, key_n0, key_n1, version, payload, modified_at)
  select @ServiceId, @GrainTypeString, coalesce(@GrainIdExtensionString, ''), @GrainIdN0, @GrainIdN1, 1, @PayloadBinary, now()
  where @GrainStateVersion is null
  on conflict on constraint pk_grain_state do nothing
  returning version
)
select coalesce((select version from updated), (select version from inserted), @GrainStateVersion) as NewGrainStateVersion
$query$),

('ClearStorageKey', $query$
update grain_state set payload = null, version = version + 1, modified_at = now()
where service_id = @ServiceId and state_name = @GrainTypeString
  and key_text = coalesce(@GrainIdExtensionString, '') and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
  and version = @GrainStateVersion
returning version as NewGrainStateVersion
$query$),

('DeleteStorageKey', $query$
delete from grain_state
where service_id = @ServiceId and state_name = @GrainTypeString
  and key_text = coalesce(@GrainIdExtensionString, '') and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
  and version = @GrainStateVersion
returning version + 1 as NewGrainStateVersion
$query$);
