using Microsoft.Extensions.AI;
using Npgsql;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>A client in another process than the silos: it has the same handle of a conversation as a co-hosted app.</summary>
public sealed class ExternalClientTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Writers = 6;
    private const int TurnsPerWriter = 60;

    [Fact]
    public async Task Client_that_starts_before_the_first_silo_waits_for_it_and_sees_what_silos_have_written()
    {
        Task<ExternalClient> starting = ExternalClient.StartAsync(database.ConnectionString);
        await using SiloProcess silo = await ClusterSilos.StartAsync(database.ConnectionString);
        await using ExternalClient client = await starting;
        Conversation conversation = client.Conversations.Get("waited");

        TurnReceipt receipt = await conversation.AppendAsync([new ChatMessage(ChatRole.User, "hello")], "t1");
        string page = await silo.Http.GetStringAsync("/v1/conversations/waited/messages");

        Assert.Equal(1, receipt.Version);
        Assert.Contains("hello", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_that_is_told_to_end_hands_its_conversations_over_and_no_acknowledged_turn_is_lost_or_doubled()
    {
        await using SiloProcess leaving = await ClusterSilos.StartAsync(database.ConnectionString);
        await using SiloProcess staying = await ClusterSilos.StartAsync(database.ConnectionString);
        await using ExternalClient client = await ExternalClient.StartAsync(database.ConnectionString);
        var ledger = new Ledger();
        var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task writing = Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    for (int i = 0; i < TurnsPerWriter; i++)
                    {
                        string conversation = $"handed-{(writer + i) % 12}";
                        string turnId = $"{writer}-{i}";
                        TurnReceipt receipt = await client.Conversations.Get(conversation).CommitAsync(Ledger.Turn(turnId));
                        ledger.Acknowledge(conversation, turnId, receipt);
                        if (ledger.Count >= Writers * TurnsPerWriter / 3)
                        {
                            underWay.TrySetResult();
                        }
                    }
                })
        );

        await underWay.Task;
        int exitCode = await leaving.StopAsync();
        await writing;

        Assert.Equal(0, exitCode);
        Assert.Equal(Writers * TurnsPerWriter, ledger.Count);
        Assert.Equal(1L, await database.ExecuteAsync("select count(*) from orleans_memory.orleans_member where status = 3"));
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation, "default")));
    }

    [Fact]
    public async Task Client_that_finds_no_silo_in_its_time_fails_to_start_with_what_went_wrong()
    {
        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(() =>
            ExternalClient.StartAsync(
                database.ConnectionString,
                gateways =>
                {
                    gateways.Schema = "nowhere";
                    gateways.ConnectTime = TimeSpan.FromMilliseconds(100);
                }
            )
        );

        Assert.Equal(PostgresErrorCodes.UndefinedTable, failure.SqlState);
    }
}
