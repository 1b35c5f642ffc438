using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client.Compatibility;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>memory-store.md, section by section. It has no code blocks: its calls stand in lists.</summary>
public sealed class MemoryStoreTests
{
    private const string Session = "session-1";

    private readonly ManualUtcClock _clock = new();

    /// <summary>"Components": the public API.</summary>
    [Fact]
    public async Task The_public_api_saves_loads_lists_and_deletes()
    {
        var store = new InMemoryMemoryStore(_clock);

        await store.SaveAsync(Session, "followups", "intent", "book-flight");
        Assert.Equal("book-flight", await store.LoadAsync<string>(Session, "followups", "intent"));
        Assert.Null(await store.LoadAsync<string>(Session, "followups", "missing"));

        await store.SaveAsync(Session, "followups", "city", "Oslo");
        Assert.Equal(
            [("city", "Oslo"), ("intent", "book-flight")],
            (await store.GetAllAsync<string>(Session, "followups")).Select(pair => (pair.Key, pair.Value)).Order()
        );

        await store.DeleteAsync(Session, "followups", "intent");
        Assert.Equal(["city"], (await store.GetAllAsync<string>(Session, "followups")).Keys);
    }

    /// <summary>"Components": TTL support.</summary>
    [Fact]
    public async Task An_expired_key_is_gone_for_load_and_get_all()
    {
        var store = new InMemoryMemoryStore(_clock);
        await store.SaveAsync(Session, "flags", "typing", true, ttl: TimeSpan.FromSeconds(30));
        await store.SaveAsync(Session, "flags", "seen", true);

        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(await store.LoadAsync<bool?>(Session, "flags", "typing"));
        Assert.Equal(["seen"], (await store.GetAllAsync<bool>(Session, "flags")).Keys);
    }

    /// <summary>"Design Rationale": safe to use from several threads of one process.</summary>
    [Fact]
    public async Task Several_threads_share_a_store()
    {
        var store = new InMemoryMemoryStore();
        using var start = new Gate();
        Task[] threads =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(thread =>
                    Task.Run(async () =>
                    {
                        await start.PassAsync();
                        await store.SaveAsync(Session, "threads", FormattableString.Invariant($"{thread}"), thread);
                    })
                ),
        ];
        for (int i = 0; i < threads.Length; i++)
        {
            await start.ArrivalAsync();
        }

        start.Open();
        await Task.WhenAll(threads).WithTimeout();

        Assert.Equal(Enumerable.Range(0, 8), (await store.GetAllAsync<int>(Session, "threads")).Values.Order());
    }

    /// <summary>"Usage Patterns": follow-up intents, temporary flags, last-seen message ids.</summary>
    [Fact]
    public async Task Small_session_state_is_kept_by_namespace()
    {
        var store = new InMemoryMemoryStore(_clock);

        await store.SaveAsync(Session, "followups", "intent", new { Name = "cancel", Confidence = 0.9 });
        await store.SaveAsync(Session, "flags", "greeted", true, TimeSpan.FromMinutes(5));
        await store.SaveAsync(Session, "seen", "last_message_id", "msg_17");

        Assert.True(await store.LoadAsync<bool>(Session, "flags", "greeted"));
        Assert.Equal("msg_17", await store.LoadAsync<string>(Session, "seen", "last_message_id"));
        Assert.Single(await store.GetAllAsync<object>(Session, "followups"));
    }

    /// <summary>"Migration to persistent stores": the same calls on a durable store, chosen by a factory.</summary>
    [Theory]
    [InlineData(MemoryBackend.InMemory)]
    [InlineData(MemoryBackend.Grains)]
    public async Task A_chain_asks_for_the_configured_store(MemoryBackend backend)
    {
        // A host of its own: the clock is moved.
        await using GrainHost host = await GrainHost.InMemoryAsync(_clock);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(host.Grains)
            .AddSingleton<TimeProvider>(_clock)
            .AddMemoryStore(options => options.Backend = backend)
            .BuildServiceProvider();
        IMemoryStore store = services.GetRequiredService<IMemoryStore>();

        await store.SaveAsync(Session, "followups", "intent", "book-flight", TimeSpan.FromSeconds(30));

        Assert.Equal("book-flight", await store.LoadAsync<string>(Session, "followups", "intent"));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await store.LoadAsync<string>(Session, "followups", "intent"));
    }
}
