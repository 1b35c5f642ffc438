using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Feed;
using OrleansMemory.Client.Memories;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>An external client whose every silo has died.</summary>
public sealed class NoSiloLeftTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_caller_is_told_that_the_memory_is_unavailable_and_nothing_of_Orleans()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            database.ConnectionString,
            1,
            new SiloClusterSetup { ResponseTimeout = TimeSpan.FromSeconds(2) }
        );
        var options = new ConversationClientOptions { MaxRetries = 2, MaxRetryTime = TimeSpan.FromSeconds(3) };
        var client = new ConversationClient(
            cluster.Host.Grains,
            Options.Create(options),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );
        Conversation conversation = client.Get("c");
        await conversation.AppendAsync([new ChatMessage(ChatRole.User, "1"), new ChatMessage(ChatRole.Assistant, "2")]);
        await using IAsyncEnumerator<ConversationEvent> feed = conversation.SubscribeStoredAsync(FeedPosition.Start).GetAsyncEnumerator();
        await using IAsyncEnumerator<Message> stream = conversation
            .StreamStoredMessagesAsync(new MessageQuery { After = 0, Limit = 2 })
            .GetAsyncEnumerator();
        Assert.True(await feed.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());

        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos.Single());

        Func<Task>[] calls =
        [
            () => conversation.AppendUserAsync("3"),
            () => conversation.GetMessagesAsync(),
            () => conversation.DeleteAsync(),
            () => conversation.ExportAsync(Stream.Null),
            () => client.ListAsync(new ConversationListQuery()),
            () => client.EraseUserAsync("u"),
            () => client.Memories(user: "u").RecallAsync("what"),
            () => new ConversationMemory(conversation).ClearAsync(),
            async () => await conversation.SubscribeAsync().GetAsyncEnumerator().MoveNextAsync(),
            async () => await ReadOnAsync(feed),
        ];
        await Task.WhenAll(
            calls.Select(async call => Assert.NotNull((await Assert.ThrowsAsync<MemoryUnavailableException>(call)).InnerException))
        );
    }

    private static async Task ReadOnAsync(IAsyncEnumerator<ConversationEvent> feed)
    {
        while (await feed.MoveNextAsync())
        {
            // What had arrived before the silo died may still come.
        }
    }
}
