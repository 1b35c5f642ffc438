using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class EnhancedMemoryManagerTests
{
    private readonly ManualUtcClock _clock = new();

    [Fact]
    public async Task Important_memories_come_back_whole_and_in_order()
    {
        var manager = new InMemoryManager();
        var enhanced = new EnhancedMemoryManager(manager, new InMemoryMemoryStore(_clock), _clock);
        var rich = new RichMemory
        {
            Content = "Allergic to nuts",
            Importance = 10,
            Tags = ["health", "food"],
            Metadata = ImmutableDictionary<string, JsonElement>.Empty.Add("source", JsonSerializer.SerializeToElement("form")),
        };
        await enhanced.StoreRichMemoryAsync("c", rich);
        for (int importance = 1; importance <= 9; importance++)
        {
            await enhanced.StoreRichMemoryAsync(
                "c",
                new RichMemory { Content = FormattableString.Invariant($"{importance}"), Importance = importance }
            );
        }

        IReadOnlyList<RichMemory> important = await enhanced.GetImportantMemoriesAsync("c");

        Assert.Equal(["Allergic to nuts", "7", "8", "9"], important.Select(memory => memory.Content));
        Assert.Equal(["health", "food"], important[0].Tags.AsEnumerable());
        Assert.Equal("form", important[0].Metadata!["source"].GetString());
        Assert.Equal(10, (await enhanced.GetImportantMemoriesAsync("c", 1)).Count);
        Assert.Empty(await enhanced.GetImportantMemoriesAsync("c", 11));
        Assert.Empty(await enhanced.GetImportantMemoriesAsync("unknown"));
        Assert.Equal("9", Assert.Single(manager.Storage).Value.Memory.Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task An_importance_out_of_range_is_refused_and_nothing_stored(int importance)
    {
        var manager = new InMemoryManager();
        var enhanced = new EnhancedMemoryManager(manager, new InMemoryMemoryStore());

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            enhanced.StoreRichMemoryAsync("c", new RichMemory { Content = "x", Importance = importance })
        );

        Assert.Equal("importance", failure.Parameter);
        Assert.Empty(manager.Storage);
    }

    [Fact]
    public async Task Rich_memories_expire_when_told_to()
    {
        var enhanced = new EnhancedMemoryManager(
            new InMemoryManager(null, _clock),
            new InMemoryMemoryStore(_clock),
            _clock,
            TimeSpan.FromSeconds(10)
        );
        await enhanced.StoreRichMemoryAsync("c", new RichMemory { Content = "x", Importance = 9 });

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(await enhanced.GetImportantMemoriesAsync("c"));
    }

    [Fact]
    public async Task On_grains_they_are_durable_and_no_writer_loses_another()
    {
        // A host of its own: it and the managers go by one clock.
        await using GrainHost host = await GrainHost.InMemoryAsync(_clock);
        ConversationClient client = Clients.Of(host);
        EnhancedMemoryManager[] writers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ => new EnhancedMemoryManager(new GrainMemoryManager(client), new GrainMemoryStore(client), _clock)),
        ];

        await Task.WhenAll(
            writers.SelectMany(
                (writer, i) =>
                    Enumerable
                        .Range(0, 5)
                        .Select(n =>
                            writer.StoreRichMemoryAsync(
                                "c",
                                new RichMemory { Content = FormattableString.Invariant($"{i}.{n}"), Importance = 8 }
                            )
                        )
            )
        );

        IReadOnlyList<RichMemory> all = await new EnhancedMemoryManager(
            new GrainMemoryManager(client),
            new GrainMemoryStore(client)
        ).GetImportantMemoriesAsync("c");
        Assert.Equal(20, all.Select(memory => memory.Content).Distinct().Count());
    }
}
