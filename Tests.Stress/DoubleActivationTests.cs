using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Runtime.Hosting;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>Every silo of a cluster holds an activation of the same conversations, and all of them write at once.</summary>
public sealed class DoubleActivationTests : IAsyncLifetime
{
    private const short Silos = 3;
    private const int Writers = 12;
    private const int TurnsPerWriter = 80;

    private readonly PostgresDatabase _database = new();
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(
            _database.ConnectionString,
            Silos,
            new SiloClusterSetup
            {
                Silo = silo =>
                {
                    silo.AddGrainDirectory(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY, static (_, _) => new LossyDirectory());
                    silo.Services.AddSingleton<PlacementStrategy, PreferLocalPlacement>();
                },
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_loser_reloads_and_retries_and_no_turn_is_lost_doubled_or_reordered()
    {
        var load = new TurnLoad([.. Factories().Select(grains => Clients.Of(grains))], Writers, TurnsPerWriter);
        await load.RunAsync();
        await AssertEverywhereAsync(TurnLoad.Conversations);

        Assert.Equal(load.Turns, load.Ledger.Count);
        foreach (IGrainFactory grains in Factories())
        {
            await load.Ledger.VerifyAsync(async conversation =>
            {
                IConversationGrain grain = Of(grains, conversation);
                await grain.RefreshAsync();
                return await Ledger.ReadAsync(grain);
            });
        }
    }

    [Fact]
    public async Task The_same_turn_on_every_silo_at_once_is_written_once()
    {
        for (int i = 0; i < 50; i++)
        {
            string turnId = FormattableString.Invariant($"turn {i}");
            TurnReceipt[] receipts = await Task.WhenAll(Factories().Select(grains => Of(grains, "same").CommitAsync(Ledger.Turn(turnId))));
            Assert.Single(receipts, receipt => !receipt.Replayed);
            Assert.Single(receipts.Select(receipt => receipt with { Replayed = false }).Distinct());
            Assert.Equal(i + 1, receipts[0].Version);
        }

        await AssertEverywhereAsync(["same"]);
    }

    [Fact]
    public async Task An_expected_version_lets_one_of_them_win()
    {
        IConversationGrain[] grains = [.. Factories().Select(factory => Of(factory, "expected"))];
        for (int version = 0; version < 50; version++)
        {
            Task<TurnReceipt>[] rivals =
            [
                .. grains.Select(
                    (grain, i) =>
                        grain.CommitAsync(Ledger.Turn(FormattableString.Invariant($"{version}-{i}")) with { ExpectedVersion = version })
                ),
            ];
            await rivals.SettleAsync();
            Task<TurnReceipt> winner = Assert.Single(rivals, rival => rival.IsCompletedSuccessfully);
            Assert.Equal(version + 1, (await winner).Version);
            Assert.All(rivals.Except([winner]), loser => Assert.IsType<Errors.VersionConflictException>(loser.Exception!.InnerException));
        }

        await AssertEverywhereAsync(["expected"]);
    }

    [Fact]
    public async Task Of_turns_that_ask_that_no_message_has_their_id_one_wins()
    {
        IConversationGrain[] grains = [.. Factories().Select(factory => Of(factory, "ids"))];
        for (int round = 0; round < 50; round++)
        {
            string id = FormattableString.Invariant($"id {round}");
            Task<TurnReceipt>[] rivals =
            [
                .. grains.Select(
                    (grain, i) =>
                        grain.CommitAsync(
                            Messages.Turn(FormattableString.Invariant($"{round}-{i}"), Messages.User(id) with { Id = id }) with
                            {
                                Conditions = [TurnCondition.MessageAbsent(id)],
                            }
                        )
                ),
            ];
            await rivals.SettleAsync();
            Task<TurnReceipt> winner = Assert.Single(rivals, rival => rival.IsCompletedSuccessfully);
            Assert.Equal(round + 1, (await winner).Version);
            Assert.All(rivals.Except([winner]), loser => Assert.IsType<Errors.ConditionFailedException>(loser.Exception!.InnerException));
        }

        await AssertEverywhereAsync(["ids"]);
    }

    // The client inside a silo asks the silo's own directory.
    private IEnumerable<IGrainFactory> Factories() =>
        _cluster.Silos.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<IGrainFactory>());

    private static IConversationGrain Of(IGrainFactory grains, string id) =>
        grains.GetGrain<IConversationGrain>(ConversationKey.Create("tests", id).ToString());

    private async Task AssertEverywhereAsync(IEnumerable<string> conversations)
    {
        DetailedGrainStatistic[] activations = await _cluster.Host.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        foreach (string conversation in conversations)
        {
            GrainId id = _cluster.Conversation(conversation).GetGrainId();
            Assert.Equal(Silos, activations.Count(activation => activation.GrainId == id));
        }
    }
}
