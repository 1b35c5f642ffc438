using System.Globalization;
using OrleansMemory.Client.Compatibility.Arshai;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public abstract partial class MemoryManagerContract
{
    [Fact]
    public async Task A_memory_lives_12_hours()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("w"));

        Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMicroseconds(1));
        Assert.Equal("w", await TextAsync(manager));
        Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Null(await TextAsync(manager));
        Assert.Empty(await ((IMemoryStorage)manager).GetStorageAsync(Id));
        Assert.Equal(0, (await ((IMemoryStorage)manager).GetStatisticsAsync(Id)).TotalEntries);
    }

    [Fact]
    public async Task A_memory_lives_as_long_as_it_is_told()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = TimeSpan.FromSeconds(1.5) });
        await manager.StoreAsync(Of("w"));

        Clock.Advance(TimeSpan.FromSeconds(1.5) - TimeSpan.FromMicroseconds(1));
        Assert.Equal("w", await TextAsync(manager));
        Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Null(await TextAsync(manager));
    }

    [Fact]
    public async Task Without_a_time_to_live_a_memory_never_expires()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = null });
        await manager.StoreAsync(Of("w"));

        Clock.Advance(TimeSpan.FromDays(36_500));

        Assert.Equal("w", await TextAsync(manager));
        Assert.Null((await StoredAsync(manager)).ExpiresAt);
        Assert.Empty(Logs.Lines);
    }

    [Fact]
    public async Task Updating_does_not_lengthen_a_life_and_storing_does()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        await manager.StoreAsync(Of("one"));
        await manager.StoreAsync(Of("one", ConversationMemoryType.ShortTermMemory));
        Clock.Advance(TimeSpan.FromSeconds(9));
        await manager.UpdateAsync(Of("two"));
        await manager.StoreAsync(Of("two", ConversationMemoryType.ShortTermMemory));

        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await TextAsync(manager));
        Assert.Equal("two", await TextAsync(manager, ConversationMemoryType.ShortTermMemory));
    }

    [Fact]
    public async Task An_expired_memory_cannot_be_updated()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        await manager.StoreAsync(Of("one"));
        Clock.Advance(TimeSpan.FromSeconds(10));

        await manager.UpdateAsync(Of("two"));

        Assert.Null(await TextAsync(manager));
        Assert.Single(Logs.Lines);
    }

    [Fact]
    public async Task Clearing_what_has_expired_changes_nothing_that_can_be_seen()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        await manager.StoreAsync(Of("brief"));
        Clock.Advance(TimeSpan.FromSeconds(5));
        await manager.StoreAsync(Of("longer", ConversationMemoryType.LongTermMemory));
        Clock.Advance(TimeSpan.FromSeconds(5));

        await ((IMemoryStorage)manager).ClearExpiredAsync(Id);
        await ((IMemoryStorage)manager).ClearExpiredAsync("unknown");

        Assert.Null(await TextAsync(manager));
        Assert.Equal("longer", await TextAsync(manager, ConversationMemoryType.LongTermMemory));
    }

    public static TheoryData<TimeSpan> BadLives() =>
        [TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromTicks(9), TimeSpan.FromDays(36_501)];

    [Theory]
    [MemberData(nameof(BadLives))]
    public void A_time_to_live_out_of_range_is_refused(TimeSpan life) =>
        Assert.Contains(
            "TimeToLive",
            Assert.Throws<ArgumentException>(() => Make(new MemoryManagerOptions { TimeToLive = life })).Message,
            StringComparison.Ordinal
        );

    /// <summary>Any sequence of calls does what a plain model does.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(20261121)]
    public async Task Any_sequence_of_calls_does_what_the_model_does(int seed)
    {
        var random = new Random(seed);
        TimeSpan life = TimeSpan.FromSeconds(10);
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = life });
        var model = new Dictionary<(string, ConversationMemoryType), (string Text, DateTimeOffset Created, DateTimeOffset Updated)>();
        for (int step = 0; step < 250; step++)
        {
            (string id, ConversationMemoryType type) = (random.Next(2) == 0 ? Id : "other", ConversationMemoryTypes.All[random.Next(3)]);
            string text = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}");
            DateTimeOffset now = Clock.GetUtcNow();
            bool lives = model.TryGetValue((id, type), out var known) && now < known.Created + life;
            switch (random.Next(7))
            {
                case 0:
                    Clock.Advance(TimeSpan.FromSeconds(random.Next(6)));
                    break;
                case 1:
                    await manager.DeleteAsync(Of(type: type, id: id));
                    model.Remove((id, type));
                    break;
                case 2:
                    await manager.UpdateAsync(Of(text, type, id));
                    if (lives)
                    {
                        model[(id, type)] = known with { Text = text, Updated = now };
                    }

                    break;
                case 3:
                    await ((IMemoryStorage)manager).ClearExpiredAsync(id);
                    break;
                case 4:
                    var storage = await ((IMemoryStorage)manager).GetStorageAsync(id);
                    Assert.True(storage.ContainsKey(type.ToKey(id)) == lives, text);
                    Assert.True(!lives || Matches(storage[type.ToKey(id)], known), text);
                    break;
                case 5:
                    Assert.True((lives ? known.Text : null) == await TextAsync(manager, type, id), text);
                    break;
                default:
                    await manager.StoreAsync(Of(text, type, id));
                    model[(id, type)] = (text, now, now);
                    break;
            }
        }

        bool Matches(StoredWorkingMemory stored, (string Text, DateTimeOffset Created, DateTimeOffset Updated) known) =>
            (stored.Memory.Text, stored.CreatedAt, stored.LastUpdate, stored.ExpiresAt)
            == (known.Text, known.Created, known.Updated, known.Created + life);
    }
}
