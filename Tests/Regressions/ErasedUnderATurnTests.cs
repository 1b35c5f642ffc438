using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// A turn was on its way when its user was erased. It lost its version check, was decided again upon nothing, and so began a conversation
/// without owner with the text of the user who had just been erased; and so did the same turn when its caller sent it again.
/// </summary>
public sealed class ErasedUnderATurnTests
{
    private const int Turns = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turns_on_their_way_are_gone_with_the_conversation_they_were_decided_upon(bool deletes)
    {
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        await using GrainHost host = await GrainHost.OverStoreAsync(store);
        IConversationGrain conversation = host.Conversation("c");
        ConversationKey key = (await BeginAsync(conversation)).Key;
        var decided = new CountdownEvent(Turns);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.BeforeCommit = _ =>
        {
            decided.Signal();
            return release.Task;
        };

        Turn[] turns = [.. Enumerable.Range(1, Turns).Select(i => Messages.Turn($"late-{i}", Messages.User("late")))];
        Task<TurnReceipt>[] sent = [.. turns.Select(turn => conversation.CommitAsync(turn)), conversation.CommitAsync(turns[0])];
        await Task.Run(decided.Wait);
        store.BeforeCommit = _ => Task.CompletedTask;
        await RemoveAsync(store, key, deletes);
        release.SetResult();

        foreach (Task<TurnReceipt> turn in sent)
        {
            await Assert.ThrowsAsync<GoneException>(() => turn);
        }

        // Sent again they are gone as well, also for an activation that knows nothing, and in a new life.
        await conversation.RefreshAsync();
        await Assert.ThrowsAsync<GoneException>(() => conversation.CommitAsync(turns[2]));
        Assert.Null((await store.LoadAsync(key, new TailBounds(1, 1), CancellationToken.None)).Head);
        await conversation.CommitAsync(Messages.Turn("new", Messages.User("new life")));
        await Assert.ThrowsAsync<GoneException>(() => conversation.CommitAsync(turns[4]));
        await Assert.ThrowsAsync<GoneException>(() => conversation.CommitAsync(Messages.Turn("first", Messages.User("first"))));
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_turn_that_lost_to_another_one_of_the_same_conversation_is_decided_again()
    {
        var inner = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance);
        var store = new WatchedStore(inner);
        await using GrainHost host = await GrainHost.OverStoreAsync(store);
        await using GrainHost other = await GrainHost.OverStoreAsync(inner);
        IConversationGrain conversation = host.Conversation("c");
        await BeginAsync(conversation);
        await other.Conversation("c").CommitAsync(Messages.Turn("of another silo", Messages.User("x")));

        Assert.Equal(3, (await conversation.CommitAsync(Messages.Turn("second", Messages.User("y")))).Version);
    }

    private static async Task<Head> BeginAsync(IConversationGrain conversation)
    {
        await conversation.CommitAsync(
            Messages.Turn("first", Messages.User("first")) with
            {
                InitialSettings = new ConversationSettings { UserId = "u" },
            }
        );
        return (await conversation.GetHeadAsync())!;
    }

    private static async Task RemoveAsync(WatchedStore store, ConversationKey key, bool deletes)
    {
        if (deletes)
        {
            await store.DeleteAsync(new DeleteCommit(key, WrittenTime), CancellationToken.None);
        }
        else
        {
            await store.EraseUserAsync(
                new UserErasure(UserKey.Create(key.Tenant, "u"), DateTimeOffset.MaxValue, 10),
                CancellationToken.None
            );
        }
    }

    private static DateTimeOffset WrittenTime { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
