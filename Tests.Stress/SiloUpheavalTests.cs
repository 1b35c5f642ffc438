using Orleans.TestingHost;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>Silos go and come in mid load. Every turn that was acknowledged is there once, in a log without gaps.</summary>
public sealed class SiloUpheavalTests : IAsyncLifetime
{
    private const short Silos = 3;
    private const int Writers = 16;
    private const int TurnsPerWriter = 100;

    private readonly PostgresDatabase _database = new();
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(_database.ConnectionString, Silos, SiloClusterSetup.Impatient);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_that_is_killed_takes_no_acknowledged_turn_with_it()
    {
        InProcessSiloHandle victim = null!;
        await LoadAsync(async () =>
        {
            victim = await BusiestAsync();
            await _cluster.Silos.KillSiloAsync(victim);
        });
        await AssertNothingIsOnAsync(victim);
    }

    [Fact]
    public async Task A_silo_that_stops_hands_its_conversations_on()
    {
        InProcessSiloHandle victim = null!;
        await LoadAsync(async () =>
        {
            victim = await BusiestAsync();
            await _cluster.Silos.StopSiloAsync(victim);
        });
        await AssertNothingIsOnAsync(victim);
    }

    [Fact]
    public async Task A_silo_that_comes_takes_its_share()
    {
        InProcessSiloHandle added = null!;
        await LoadAsync(async () => added = await _cluster.Silos.StartAdditionalSiloAsync());

        // Others place nothing on a silo before it has told them how busy it is.
        InProcessSiloHandle?[] places = [];
        using var deadline = new CancellationTokenSource(Timings.Patience);
        for (int round = 0; !places.Contains(added); round++)
        {
            deadline.Token.ThrowIfCancellationRequested();
            IConversationGrain[] fresh = [.. Enumerable.Range(0, 100).Select(i => _cluster.Conversation($"fresh-{round}-{i}"))];
            await Task.WhenAll(fresh.Select(conversation => conversation.CommitAsync(Ledger.Turn("first"))));
            places = await Task.WhenAll(fresh.Select(_cluster.WhereIsAsync));
        }
    }

    [Fact]
    public async Task Silos_that_go_and_come_one_after_the_other_lose_and_double_nothing() =>
        await LoadAsync(async () =>
        {
            await _cluster.Silos.KillSiloAsync(await BusiestAsync());
            await _cluster.Silos.StartAdditionalSiloAsync();
            await _cluster.Silos.StopSiloAsync(await BusiestAsync());
            await _cluster.Silos.StartAdditionalSiloAsync();
            await _cluster.Silos.KillSiloAsync(await BusiestAsync());
        });

    /// <summary>
    /// Writes, lets something happen when a third is written, and holds the ledger against what the cluster and the database say.
    /// </summary>
    private async Task LoadAsync(Func<Task> happening)
    {
        var load = new TurnLoad([Clients.Of(_cluster.Host)], Writers, TurnsPerWriter);
        Task writing = load.RunAsync();
        await load.ReachedAsync(load.Turns / 3, writing);
        await happening();
        await writing;

        Assert.Equal(load.Turns, load.Ledger.Count);
        await load.Ledger.VerifyAsync(conversation => TurnLoad.ReadAsync(Clients.Of(_cluster.Host).Get("tests", conversation)));
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(_database.ConnectionString);
        await load.Ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation)));
    }

    /// <summary>The silo on which most of the load's conversations are.</summary>
    private async Task<InProcessSiloHandle> BusiestAsync()
    {
        InProcessSiloHandle?[] places = await Task.WhenAll(
            TurnLoad.Conversations.Select(id => _cluster.WhereIsAsync(_cluster.Conversation(id)))
        );

        // Where the load has ended before, and the silo that had them stopped, none is active anywhere: then any silo will do.
        return places.OfType<InProcessSiloHandle>().GroupBy(silo => silo).MaxBy(silo => silo.Count())?.Key ?? _cluster.Silos.Silos[0];
    }

    private async Task AssertNothingIsOnAsync(InProcessSiloHandle gone)
    {
        InProcessSiloHandle?[] places = await Task.WhenAll(
            TurnLoad.Conversations.Select(id => _cluster.WhereIsAsync(_cluster.Conversation(id)))
        );
        Assert.DoesNotContain(null, places);
        Assert.DoesNotContain(gone, places);
    }
}
