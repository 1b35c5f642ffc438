-- Purpose: a silo is declared dead only when its lease is over, so that it can know that nobody has taken its place.
-- Kind: expand. Silos of an older build take no lease, and read the statement by which they declare others dead when they start: they do not wait.
-- Frozen once merged: change the schema by adding the next number.
-- Names are not qualified: silos connect with our schema on their search path.

alter table orleans_member add column lease interval;

comment on column orleans_member.lease is 'for how long after beat_at the silo counts on not being declared dead; null for a silo that takes no lease, or has left';

-- Waits until the lease of a silo is over. Its row is locked first, and stays so until the end of the transaction: a beat that comes now waits, renews nothing, and then finds the silo dead.
-- How long ago the last one was is known by the server's clock; where the server has been started since, or the clock was set back, the whole lease is waited for.
create function orleans_await_lease(cluster text, silo_address text, silo_port integer, silo_generation integer) returns void language plpgsql volatile as $function$
declare
  held record;
  rest interval;
begin
  select m.beat_at, m.beat_server, m.lease into held
  from orleans_member m
  where m.cluster_id = cluster and m.address = silo_address and m.port = silo_port and m.generation = silo_generation
  for update;
  if held.lease is null or held.beat_at is null then
    return;
  end if;
  rest := case when held.beat_server = pg_postmaster_start_time() then least(held.beat_at + held.lease - clock_timestamp(), held.lease) else held.lease end;
  if rest > interval '0' then
    perform pg_sleep(extract(epoch from rest));
  end if;
end
$function$;

-- The rows of the cluster and of the member as the provider wants them, 0 for "no". The cluster's row is locked after the wait, which so holds no other change up.
create function orleans_update_member(
  cluster text, expected integer, silo_address text, silo_port integer, silo_generation integer, new_status integer, suspects text, alive timestamptz)
returns integer language plpgsql volatile as $function$
begin
  if new_status = 6 then
    perform orleans_await_lease(cluster, silo_address, silo_port, silo_generation);
  end if;
  update orleans_cluster c set version = c.version + 1, changed_at = now()
  where c.cluster_id = cluster and c.version = expected
    and exists (
      select from orleans_member m
      where m.cluster_id = cluster and m.address = silo_address and m.port = silo_port and m.generation = silo_generation);
  if not found then
    return 0;
  end if;
  update orleans_member m set status = new_status, suspect_times = suspects, alive_time = alive
  where m.cluster_id = cluster and m.address = silo_address and m.port = silo_port and m.generation = silo_generation;
  return 1;
end
$function$;

update orleansquery set querytext = $query$
select orleans_update_member(
  @DeploymentId::text, @Version::integer, @Address::text, @Port::integer, @Generation::integer, @Status::integer, @SuspectTimes::text, @IAmAliveTime::timestamptz)
$query$
where querykey = 'UpdateMembershipKey';
