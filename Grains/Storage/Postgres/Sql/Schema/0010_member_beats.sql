-- Purpose: tells members that write to this database from members that a copy of another database names.
-- Kind: expand. Silos of an older build leave the new columns null and are told by their alive times.
-- Frozen once merged: change the schema by adding the next number.
-- A copied row never gets a new beat, since its silo writes to the database that was copied. Silos of a build before this one leave the columns null.
-- Names are not qualified, in the functions as well: silos and clients connect with our schema on their search path, and a renamed schema takes its functions
--          along.

alter table orleans_member
  add column beat uuid,
  add column beat_at timestamptz,
  add column beat_database text collate "C",
  add column beat_server timestamptz;

comment on column orleans_member.beat is 'a new random value every second for as long as the silo runs';
comment on column orleans_member.beat_at is 'when it was written, by the server''s clock';
comment on column orleans_member.beat_database is 'orleans_database() where it was written';
comment on column orleans_member.beat_server is 'pg_postmaster_start_time() where it was written';

-- What no logical copy has in common with its original: the system identifier of another server, the oid of another database of the same server, the oid of the
-- table in another schema of the same database. A physical copy has all three.
create function orleans_database() returns text language sql stable as $function$
  select s.system_identifier || '/' || d.oid || '/' || 'orleans_member'::regclass::oid
  from pg_control_system() s, pg_database d
  where d.datname = current_database()
$function$;

-- The gateways that external clients may use. A beat that was written through another run of a server may be that of a silo beside the database that this one
--          was
-- copied from, or of one that has not written yet since this server was restarted: while the server has just started, such silos are waited for, 10 seconds at
--          most.
create function orleans_gateways(cluster text, active integer)
returns table (gateway_address text, gateway_port integer, gateway_generation integer) language plpgsql volatile as $function$
begin
  for attempt in 1..50 loop
    exit when clock_timestamp() > pg_postmaster_start_time() + interval '15 seconds' or not exists (
      select from orleans_member m
      where m.cluster_id = cluster and m.status = active and m.proxy_port > 0
        and m.beat_database = orleans_database() and m.beat_server <> pg_postmaster_start_time());
    perform pg_sleep(0.2);
  end loop;
  return query
    select m.address, m.proxy_port, m.generation
    from orleans_member m
    where m.cluster_id = cluster and m.status = active and m.proxy_port > 0
      and (m.beat is null or (m.beat_database = orleans_database() and m.beat_server = pg_postmaster_start_time()));
end
$function$;

update orleansquery set querytext = $query$
select gateway_address as Address, gateway_port as ProxyPort, gateway_generation as Generation
from orleans_gateways(@DeploymentId, @Status)
$query$
where querykey = 'GatewaysQueryKey';
