using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// A turn id is looked for in the store while its turn is being committed: the receipt was given before the activation could read the
/// turn's messages.
/// </summary>
public sealed class TurnFoundBeforeItIsAppliedTests
{
    [Fact]
    public async Task Who_is_told_of_a_turn_can_read_its_messages()
    {
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        using var looking = new Gate();
        using var durable = new Gate();
        await using GrainHost host = await GrainHost.OverStoreAsync(store);
        IConversationGrain grain = host.Conversation("c");
        await grain.CommitAsync(Messages.Turn("0", Messages.User("0")));

        store.BeforeFindTurn = looking.PassAsync;
        store.AfterCommit = commit => commit.TurnId == "t" ? durable.PassAsync() : Task.CompletedTask;
        Task<TurnReceipt?> asked = grain.GetTurnAsync("t");
        await looking.ArrivalAsync();
        Task<TurnReceipt> committed = grain.CommitAsync(Messages.Turn("t", Messages.User("1")));
        await durable.ArrivalAsync();
        looking.Open();
        Task<(TurnReceipt? Receipt, MessagePage Page)> read = ReadAsync();
        await Task.WhenAny(read, grain.GetHeadAsync());
        durable.Open();

        (TurnReceipt? receipt, MessagePage page) = await read.WithTimeout();
        await committed.WithTimeout();
        Assert.Equal(2, receipt!.LastSequence);
        Assert.Equal(2, page.Messages[^1].Sequence);

        async Task<(TurnReceipt? Receipt, MessagePage Page)> ReadAsync()
        {
            TurnReceipt? found = await asked;
            return (found, await grain.GetMessagesAsync(MessageQuery.Newest));
        }
    }
}
