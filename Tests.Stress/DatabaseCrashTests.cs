using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>PostgreSQL is killed in mid load and started again.</summary>
public sealed class DatabaseCrashTests
{
    private const int Writers = 16;
    private const int TurnsPerWriter = 60;
    private const int Crashes = 2;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_nothing_is_doubled_and_the_host_recovers_by_itself()
    {
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = PostgresDatabase.NewServerFolder(), Temporary = true },
            CancellationToken.None
        );
        await using GrainHost host = await GrainHost.OnPostgresAsync(
            server.ConnectionString,
            postgres: options => options.CommitTimeout = TimeSpan.FromSeconds(2)
        );
        var ledger = new Ledger();
        var crashDue = Enumerable
            .Range(0, Crashes)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .ToArray();

        Task writing = Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    for (int i = 0; i < TurnsPerWriter; i++)
                    {
                        string conversation = $"c{(writer + i) % 10}";
                        string turnId = $"{writer}-{i}";
                        ledger.Acknowledge(
                            conversation,
                            turnId,
                            await CommitUntilAcknowledgedAsync(host.Conversation(conversation), turnId)
                        );
                        for (int crash = 0; crash < Crashes; crash++)
                        {
                            if (ledger.Count >= Writers * TurnsPerWriter * (crash + 1) / (Crashes + 2))
                            {
                                crashDue[crash].TrySetResult();
                            }
                        }
                    }
                })
        );
        foreach (TaskCompletionSource due in crashDue)
        {
            await due.Task;
            await server.KillAsync(CancellationToken.None);
            await server.StartAgainAsync(CancellationToken.None);
        }

        await writing;
        Assert.Equal(Writers * TurnsPerWriter, ledger.Count);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(host.Conversation(conversation)));
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(server.ConnectionString);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation)));

        static async Task<TurnReceipt> CommitUntilAcknowledgedAsync(IConversationGrain conversation, string turnId)
        {
            while (true)
            {
                try
                {
                    return await conversation.CommitAsync(Ledger.Turn(turnId));
                }
                catch (MemoryUnavailableException)
                {
                    // Nothing was acknowledged: the same turn again, until it is.
                }
            }
        }
    }

    [Fact]
    public async Task While_the_database_is_away_callers_are_told_so_in_bounded_time()
    {
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = PostgresDatabase.NewServerFolder(), Temporary = true },
            CancellationToken.None
        );
        await using GrainHost host = await GrainHost.OnPostgresAsync(
            server.ConnectionString,
            postgres: options => options.CommitTimeout = TimeSpan.FromMilliseconds(300)
        );
        IConversationGrain known = host.Conversation("known");
        await known.CommitAsync(Ledger.Turn("1"));
        await server.KillAsync(CancellationToken.None);

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => known.CommitAsync(Ledger.Turn("2")));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => host.Conversation("never-loaded").GetHeadAsync());
        await server.StartAgainAsync(CancellationToken.None);
        Assert.Equal(2, (await known.CommitAsync(Ledger.Turn("2"))).Version);
        Assert.Equal(2, (await Ledger.ReadAsync(known)).Head.Version);
    }
}
