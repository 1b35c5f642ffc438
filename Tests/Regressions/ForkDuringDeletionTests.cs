using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// A conversation was deleted while a fork of it was forked under the deleted conversation's own id. Each grain told the other to forget
/// what it knew while it kept its own gate closed, so both waited until the response time-out, and both callers were told of a failure
/// although both operations were durable.
/// </summary>
public sealed class ForkDuringDeletionTests
{
    [Fact]
    public async Task A_fork_takes_the_id_of_its_parent_while_the_parent_is_deleted()
    {
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        await using GrainHost host = await GrainHost.OverStoreAsync(store);
        IConversationGrain parent = host.Conversation("parent");
        IConversationGrain child = host.Conversation("child");
        await parent.CommitAsync(Messages.Turn("1", Messages.User("in the parent")));
        await parent.ForkAsync(new ForkRequest { NewId = "child" });
        await child.CommitAsync(Messages.Turn("2", Messages.User("in the child")));
        using var forking = new Gate();
        using var deleted = new Gate();
        store.BeforeFork = forking.PassAsync;
        store.AfterDelete = () =>
        {
            deleted.Signal();
            return Task.CompletedTask;
        };

        // The child is inside its gate when the parent's deletion has become durable. From there on each has to tell the other.
        Task<Head> fork = child.ForkAsync(new ForkRequest { NewId = "parent" });
        await forking.ArrivalAsync();
        Task<DeleteReceipt> deletion = parent.DeleteAsync(new DeleteRequest { CutForks = true });
        await deleted.ArrivalAsync();
        forking.Open();

        Assert.Equal(1, (await deletion).ForksCut);
        Assert.Equal("child", (await fork).Origin!.Id);
        Assert.Equal([Messages.Text("in the child")], await TextsAsync(parent));
        Assert.Equal([Messages.Text("in the child")], await TextsAsync(child));
    }

    private static async Task<List<string>> TextsAsync(IConversationGrain conversation)
    {
        var texts = new List<string>();
        await foreach (Message message in conversation.StreamMessagesAsync(new MessageQuery()))
        {
            texts.Add(message.Contents);
        }

        return texts;
    }
}
