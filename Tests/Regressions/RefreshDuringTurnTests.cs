using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// An activation that was told to forget while a turn was on its way loaded what was there without it, and went on reading that.
/// </summary>
public sealed class RefreshDuringTurnTests
{
    [Fact]
    public async Task A_turn_that_was_on_its_way_during_a_refresh_is_read_once_it_is_answered()
    {
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        await using GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(store).AddSingleton<IFactStore, InMemoryFactStore>().AddUncounted();
            silo.AddOrleansMemory().UseInMemoryReminderService();
        });
        IConversationGrain conversation = host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("first", Messages.User("1")));
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.BeforeCommit = _ =>
        {
            arrived.TrySetResult();
            return open.Task;
        };
        Task<TurnReceipt> second = conversation.CommitAsync(Messages.Turn("second", Messages.User("2")));
        await arrived.Task;

        Task refresh = conversation.RefreshAsync();
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
        open.SetResult();

        Assert.Equal(2, (await second).Version);
        Assert.Equal(2, (await conversation.GetHeadAsync())!.Version);
        await refresh;
        Assert.Equal(2, (await conversation.GetHeadAsync())!.Version);
    }
}
