namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Fails the start of a silo that keeps conversations in its own memory and is not alone in its cluster: each silo would have a part of the
/// conversations, and a conversation that moves from one silo to another would be lost.
/// </summary>
/// <remarks>
/// It looks before the silo takes calls and once more after it does: of two silos that start at the same time each may miss the other in
/// the first look, but the one whose address is greater then sees the other in the second.
/// </remarks>
/// <param name="stores">Where conversations are kept.</param>
/// <param name="membership">The members.</param>
internal sealed class OnlySilo(InMemoryStores stores, IMembershipTable membership, ILocalSiloDetails silo)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        if (!stores.IsShared)
        {
            lifecycle.Subscribe(
                nameof(OnlySilo),
                ServiceLifecycleStage.ApplicationServices,
                token => RequireAsync(other => other.Status == SiloStatus.Active, token)
            );
            lifecycle.Subscribe(nameof(OnlySilo), ServiceLifecycleStage.Active + 1, token => RequireAsync(IsBeforeUs, token));
        }
    }

    private bool IsBeforeUs(MembershipEntry other) =>
        other.Status is SiloStatus.Joining or SiloStatus.Active && other.SiloAddress.CompareTo(silo.SiloAddress) < 0;

    private async Task RequireAsync(Func<MembershipEntry, bool> excludes, CancellationToken cancellationToken)
    {
        MembershipTableData members = await membership.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (members.Members.Any(member => !IsOurEndpoint(member.Item1.SiloAddress) && excludes(member.Item1)))
        {
            throw new InvalidOperationException(
                "UseInMemoryStorage() keeps conversations in one silo's memory, but the cluster has another silo. Call UsePostgresStorage(...) on all silos, or in a test of one process give each silo the same InMemoryStores."
            );
        }
    }

    // An entry there is this silo or a predecessor of it, which Orleans declares dead.
    private bool IsOurEndpoint(SiloAddress other) => other.Endpoint.Equals(silo.SiloAddress.Endpoint);
}
