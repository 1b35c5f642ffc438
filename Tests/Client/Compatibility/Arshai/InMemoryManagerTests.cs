using Microsoft.Extensions.Logging;
using OrleansMemory.Client.Compatibility.Arshai;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

/// <summary>The contract in this process, and what only this process knows: all of its memories.</summary>
public sealed class InMemoryManagerTests : MemoryManagerContract
{
    protected override IMemoryManager Make(MemoryManagerOptions options) =>
        new InMemoryManager(options, Clock, LoggerFactory.Create(logging => logging.AddProvider(Logs)).CreateLogger<InMemoryManager>());

    [Fact]
    public async Task Storage_statistics_and_cleaning_are_of_all_conversations()
    {
        var manager = new InMemoryManager(TimeSpan.FromSeconds(10), Clock);
        await manager.StoreAsync(Of("a", id: "a"));
        await manager.StoreAsync(Of("a", ConversationMemoryType.LongTermMemory, "a"));
        Clock.Advance(TimeSpan.FromSeconds(5));
        await manager.StoreAsync(Of("b", id: "b"));

        Assert.Equal(3, manager.GetStatistics().TotalEntries);
        Assert.Equal(
            ["memory:LONG_TERM_MEMORY:a", "memory:WORKING_MEMORY:a", "memory:WORKING_MEMORY:b"],
            manager.GetStatistics().MemoryKeys
        );
        Assert.Equal("b", manager.Storage["memory:WORKING_MEMORY:b"].Memory.Text);

        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((2, 3, 3), manager.Held);
        Assert.Equal(2, manager.ClearExpired());
        Assert.Equal(["memory:WORKING_MEMORY:b"], manager.Storage.Keys);
        Assert.Equal((1, 1, 1), manager.Held);
        Assert.Equal(0, manager.ClearExpired());
    }

    [Fact]
    public async Task Every_call_drops_what_has_expired_of_any_conversation()
    {
        var manager = new InMemoryManager(TimeSpan.FromSeconds(10), Clock);
        Func<Task>[] calls =
        [
            () => manager.StoreAsync(Of("x", id: "x")),
            () => manager.RetrieveAsync(Of()),
            () => manager.UpdateAsync(Of("y")),
            () => manager.DeleteAsync(Of()),
            () => manager.GetStorageAsync(Id),
        ];

        foreach (Func<Task> call in calls)
        {
            await manager.StoreAsync(Of("w", id: "left"));
            Clock.Advance(TimeSpan.FromSeconds(10));
            await call();
            Assert.InRange(manager.Held.Memories, 0, 1);
            await manager.DeleteAsync(Of(id: "x"));
            Assert.Equal((0, 0, 0), manager.Held);
        }
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var manager = new InMemoryManager();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => manager.StoreAsync(Of("w"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => manager.RetrieveAsync(Of(), cancelled));
        Assert.Empty(manager.Storage);
    }
}
