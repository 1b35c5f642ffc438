using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

/// <summary>What the host does for memories by itself: it sweeps, and it measures.</summary>
public sealed class MemoryUpkeepTests
{
    [Fact]
    public async Task What_has_expired_is_removed_by_the_next_sweep()
    {
        var clock = new TestClock();
        var probe = SweepProbe.Create();
        await using GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton(probe.Store).AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, clock);
            silo.AddOrleansMemory().UseInMemoryStorage().UseInMemoryReminderService();
        });
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("t", user: "u").ToString());
        await memory.RecordAsync(
            new RecordRequest
            {
                Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "bees" }],
                TimeToLive = TimeSpan.FromSeconds(1),
                Key = "k",
            }
        );

        await probe.Swept.Task;
        clock.Advance(new ConversationOptions().SweepInterval);

        Assert.Equal(new FactSweepResult(1, 0, 0), await probe.Removed.Task);
    }

    [Fact]
    public async Task Recorded_and_held_memories_are_counted()
    {
        // A host of its own: its instruments count every tenant.
        await using GrainHost host = await GrainHost.InMemoryAsync();
        MemoryInstruments instruments = host.Services.GetRequiredService<MemoryInstruments>();
        using var recorded = new CounterListener(instruments, TelemetryNames.RecordedMemories);
        using var held = new CounterListener(instruments, TelemetryNames.HeldMemories);
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("t", user: "u").ToString());
        RecordReceipt receipt = await memory.RecordAsync(
            new RecordRequest
            {
                Memories = [.. Enumerable.Range(0, 3).Select(i => new NewMemory { Kind = MemoryKind.Fact, Text = $"bees {i}" })],
            }
        );
        Assert.Equal((3, 0), (recorded.Sum, held.Sum));
        var request = new RecallRequest { Query = "bees" };
        await memory.RecallAsync(request);
        Assert.Equal(3, held.Sum);
        await host.Grains.GetGrain<IMemoryDirectoryGrain>("t").DeleteAsync(receipt.MemoryIds[0]);
        await memory.RecallAsync(request);
        Assert.Equal(2, held.Sum);
        await host.DeactivateAsync(memory);
        await memory.RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "bees" }] });
        Assert.Equal((4, 0), (recorded.Sum, held.Sum));
    }
}
