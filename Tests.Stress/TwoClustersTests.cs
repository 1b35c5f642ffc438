using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>Two clusters that know nothing of each other hold activations of the same conversations, over one database.</summary>
public sealed class TwoClustersTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Conversations = 20;
    private const int Writers = 8;
    private const int TurnsPerWriter = 60;

    [Fact]
    public async Task Every_acknowledged_turn_is_there_exactly_once()
    {
        await using GrainHost left = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await using GrainHost right = await GrainHost.OnPostgresAsync(database.ConnectionString);
        GrainHost[] hosts = [left, right];
        var ledger = new Ledger();
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    var random = new Random(writer);
                    for (int i = 0; i < TurnsPerWriter; i++)
                    {
                        string conversation = $"shared-{random.Next(Conversations)}";
                        string turnId = $"{writer}-{i}";
                        await Task.Delay(random.Next(0, 4));
                        TurnReceipt receipt = await hosts[random.Next(2)].Conversation(conversation).CommitAsync(Ledger.Turn(turnId));
                        if (random.Next(4) == 0)
                        {
                            // The same turn through the other cluster writes nothing.
                            TurnReceipt again = await hosts[random.Next(2)].Conversation(conversation).CommitAsync(Ledger.Turn(turnId));
                            Assert.Equal(receipt with { Replayed = true }, again);
                        }

                        ledger.Acknowledge(conversation, turnId, receipt);
                    }
                })
        );

        Assert.Equal(Writers * TurnsPerWriter, ledger.Count);
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation)));
    }

    [Fact]
    public async Task Pipelined_turns_of_two_clusters_on_one_conversation_interleave_without_loss()
    {
        await using GrainHost left = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await using GrainHost right = await GrainHost.OnPostgresAsync(database.ConnectionString);
        var ledger = new Ledger();
        await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(async i =>
                {
                    TurnReceipt receipt = await (i % 2 == 0 ? left : right).Conversation("hot").CommitAsync(Ledger.Turn($"{i}"));
                    ledger.Acknowledge("hot", $"{i}", receipt);
                })
        );

        await using GrainHost fresh = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation)));
    }
}
