using Microsoft.Extensions.AI;
using Orleans.TestingHost;
using OrleansMemory.Client;
using OrleansMemory.Client.Feed;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>Readers of live feeds go on when the silo goes under them: on another one, without a gap and without a repetition.</summary>
public sealed class ClusterFeedTests : IAsyncLifetime
{
    private const int Conversations = 12;
    private const int Before = 5;
    private const int After = 20;
    private const string TheEnd = "the end";

    private readonly PostgresDatabase _database = new();
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(_database.ConnectionString, 3, SiloClusterSetup.Impatient);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public Task A_reader_goes_on_when_its_silo_is_killed() => FollowAsync(_cluster.Silos.KillSiloAsync);

    [Fact]
    public Task A_reader_goes_on_when_its_silo_stops() => FollowAsync(_cluster.Silos.StopSiloAsync);

    [Fact]
    public Task A_reader_goes_on_when_every_silo_is_replaced() =>
        FollowAsync(async first =>
        {
            InProcessSiloHandle[] old = [.. _cluster.Silos.Silos.Except([first])];
            await _cluster.Silos.StartAdditionalSiloAsync();
            await _cluster.Silos.StopSiloAsync(first);
            foreach (InProcessSiloHandle silo in old)
            {
                await _cluster.Silos.KillSiloAsync(silo);
            }
        });

    private async Task FollowAsync(Func<InProcessSiloHandle, Task> upheaval)
    {
        ConversationClient client = Clients.Of(_cluster.Host);
        Conversation[] conversations =
        [
            .. Enumerable.Range(0, Conversations).Select(i => client.Get("tests", FormattableString.Invariant($"feed-{i}"))),
        ];
        await Task.WhenAll(conversations.Select(conversation => SayAsync(conversation, 0, 1)));
        var standing = conversations.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        Task<FeedReplica>[] readers = [.. conversations.Select((conversation, i) => Task.Run(() => ReadAsync(conversation, standing[i])))];
        await Task.WhenAll(conversations.Select(conversation => SayAsync(conversation, 1, Before)));
        await Task.WhenAll(standing.Select(reader => reader.Task)).WithTimeout();

        InProcessSiloHandle victim = (await _cluster.WhereIsAsync(_cluster.Conversation("feed-0")))!;
        Task writing = Task.WhenAll(conversations.Select(conversation => SayAsync(conversation, Before, Before + After)));
        await upheaval(victim);
        await writing.WithTimeout();
        await Task.WhenAll(conversations.Select(conversation => conversation.AppendAsync(new ChatMessage(ChatRole.User, TheEnd))))
            .WithTimeout();

        FeedReplica[] replicas = await Task.WhenAll(readers).WithTimeout();
        foreach ((Conversation conversation, FeedReplica replica) in conversations.Zip(replicas))
        {
            List<Message> log = [];
            await foreach (Message message in conversation.StreamStoredMessagesAsync())
            {
                log.Add(message);
            }

            Assert.Equal(Before + After + 1, log.Count);
            Assert.Equal(log, replica.Log);
        }
    }

    private static async Task SayAsync(Conversation conversation, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            await conversation.AppendAsync(
                new ChatMessage(ChatRole.User, FormattableString.Invariant($"{i}")),
                FormattableString.Invariant($"turn {i}")
            );
        }
    }

    /// <summary>
    /// Reads until the end in one go: what breaks on the way is the client's to mend. The replica refuses gaps and repetitions.
    /// </summary>
    private static async Task<FeedReplica> ReadAsync(Conversation conversation, TaskCompletionSource standing)
    {
        var replica = new FeedReplica(conversation.Key.ToString());
        await foreach (ConversationEvent next in conversation.SubscribeStoredAsync(FeedPosition.Start))
        {
            replica.Apply(next);
            if (replica.Position.Sequence == Before)
            {
                standing.TrySetResult();
            }

            if (next.Message?.Contents.Contains(TheEnd, StringComparison.Ordinal) == true)
            {
                return replica;
            }
        }

        throw new InvalidOperationException($"The feed of {conversation.Key} ended at {replica.Position} before the end was said.");
    }
}
