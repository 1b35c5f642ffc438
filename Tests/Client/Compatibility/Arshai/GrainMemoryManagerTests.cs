using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class InMemoryGrainMemoryManagerTests(InMemoryClockedHost fixture)
    : GrainMemoryManagerTests(fixture),
        IClassFixture<InMemoryClockedHost>;

public sealed class PostgresGrainMemoryManagerTests(PostgresClockedHost fixture)
    : GrainMemoryManagerTests(fixture),
        IClassFixture<PostgresClockedHost>;

/// <summary>The contract over grains, and what only grains have.</summary>
public abstract class GrainMemoryManagerTests(ClockedHost fixture) : MemoryManagerContract
{
    private readonly string _tenant = SharedHosts.NewTenant();

    protected override ManualUtcClock Clock { get; } = fixture.NextDay();

    private ConversationClient Client { get; } = Clients.Of(fixture.Host);

    private Conversation Conversation => Client.Get(_tenant, Id);

    protected override IMemoryManager Make(MemoryManagerOptions options)
    {
        options.Tenant = _tenant;
        return new GrainMemoryManager(
            Client,
            options,
            Clock,
            LoggerFactory.Create(logging => logging.AddProvider(Logs)).CreateLogger<GrainMemoryManager>()
        );
    }

    [Fact]
    public async Task A_memory_is_an_entry_of_the_conversation()
    {
        await Make().StoreAsync(Of("text") with { Metadata = new Dictionary<string, object?> { ["source"] = "s" } });

        Entry entry = Assert.Single(await Conversation.GetEntriesAsync());

        Assert.Equal(
            (EntrySpaces.WorkingMemory, "WORKING_MEMORY", Clock.GetUtcNow().AddHours(12)),
            (entry.Space, entry.Key, entry.ExpiresAt)
        );
        string now = Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        Assert.Equal(
            $$$"""{"data":{"working_memory":"text"},"metadata":{"source":"s"},"created_at":"{{{now}}}","last_update":"{{{now}}}"}""",
            entry.Value
        );
    }

    [Fact]
    public async Task Only_storing_makes_a_conversation()
    {
        IMemoryManager manager = Make();

        await manager.RetrieveAsync(Of());
        await manager.UpdateAsync(Of("w"));
        await manager.DeleteAsync(Of());
        await ((IMemoryStorage)manager).ClearExpiredAsync(Id);

        Assert.Null(await Conversation.GetHeadAsync());
    }

    [Fact]
    public async Task Clearing_removes_the_rows_of_what_has_expired()
    {
        IMemoryManager manager = Make(new MemoryManagerOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        await manager.StoreAsync(Of("brief"));
        Clock.Advance(TimeSpan.FromSeconds(10));

        await ((IMemoryStorage)manager).ClearExpiredAsync(Id);

        Assert.Equal(0, (await Conversation.DeleteAsync()).Entries);
        foreach (ConversationMemoryType type in ConversationMemoryTypes.All)
        {
            await manager.StoreAsync(Of("w", type));
        }

        long version = (await Conversation.GetHeadAsync())!.Version;
        await ((IMemoryStorage)manager).ClearExpiredAsync(Id);
        Assert.Equal(version, (await Conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_store_that_comes_between_is_not_lost_in_an_update()
    {
        // The update has read "one" when "two" is stored: it must be made anew on what that left.
        Entry one = EntryOf(WorkingMemoryValue.New("one", """{"by":1}""", Clock.GetUtcNow()));
        Entry two = EntryOf(WorkingMemoryValue.New("two", """{"by":2}""", Clock.GetUtcNow().AddSeconds(1)));
        GrainScript grain = GrainScript
            .Make()
            .Returns(nameof(IConversationGrain.GetSnapshotAsync), Snapshot(1, one))
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new ConditionFailedException([0]))
            .Returns(nameof(IConversationGrain.GetSnapshotAsync), Snapshot(2, two))
            .Returns(nameof(IConversationGrain.CommitAsync), new TurnReceipt { Version = 3 });

        await new GrainMemoryManager(
            grain.Client(),
            new MemoryManagerOptions(),
            Clock,
            NullLogger<GrainMemoryManager>.Instance
        ).UpdateAsync(Of("new"));

        Turn[] turns =
        [
            .. grain.Calls.Where(call => call.Method == nameof(IConversationGrain.CommitAsync)).Select(call => (Turn)call.Arguments[0]!),
        ];
        Assert.All(turns, turn => Assert.Null(turn.ExpectedVersion));
        Assert.Equal([one.Value, two.Value], turns.Select(turn => Assert.Single(turn.Conditions).Value));
        EntryWrite write = Assert.Single(turns[1].EntryWrites);
        WorkingMemoryValue value = WorkingMemoryValue.Read(write.Value);
        Assert.Equal(("new", """{"by":2}""", true), (value.Text, value.Metadata, write.KeepsExpiry));
        Assert.Equal(WorkingMemoryValue.Read(two.Value).CreatedAt, value.CreatedAt);
    }

    [Fact]
    public async Task Updates_under_constant_appends_and_beside_each_other_never_fail()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("first") with { Metadata = new Dictionary<string, object?> { ["k"] = 1 } });
        using var over = new CancellationTokenSource();
        Task[] appending = [.. Enumerable.Range(0, 8).Select(_ => AppendAsync(over.Token))];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => manager.UpdateAsync(Of($"updated {i}"))));
        await ((IMemoryStorage)manager).ClearExpiredAsync(Id);

        await over.CancelAsync();
        await Task.WhenAll(appending);
        StoredWorkingMemory stored = await StoredAsync(manager);
        Assert.StartsWith("updated ", stored.Memory.Text, StringComparison.Ordinal);
        Assert.Equal(1, stored.Metadata["k"].GetInt32());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"data":"text"}""")]
    [InlineData("""{"data":{"working_memory":7}}""")]
    public async Task What_is_no_memory_is_an_error_and_can_be_replaced(string value)
    {
        IMemoryManager manager = Make();
        await Conversation.SetEntryAsync(EntrySpaces.WorkingMemory, "WORKING_MEMORY", value);

        await Assert.ThrowsAsync<UnreadableValueException>(() => manager.RetrieveAsync(Of()));
        await Assert.ThrowsAsync<UnreadableValueException>(() => manager.UpdateAsync(Of("w")));
        await manager.StoreAsync(Of("w"));

        Assert.Equal("w", await TextAsync(manager));
    }

    [Fact]
    public async Task A_memory_without_readable_instants_is_kept()
    {
        IMemoryManager manager = Make();
        await Conversation.SetEntryAsync(
            EntrySpaces.WorkingMemory,
            "WORKING_MEMORY",
            """{"data":{"working_memory":"old"},"metadata":{"a":1,"a":2},"created_at":"yesterday"}"""
        );
        Clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal("old", await TextAsync(manager));
        await manager.UpdateAsync(Of("new"));

        StoredWorkingMemory stored = await StoredAsync(manager);
        Assert.Equal(("new", null, Clock.GetUtcNow()), (stored.Memory.Text, stored.CreatedAt, stored.LastUpdate));
        Assert.Equal(2, stored.Metadata["a"].GetInt32());
        Assert.Contains("yesterday", (await Conversation.GetEntriesAsync())[0].Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exports_and_forks_keep_memories_and_their_expiry()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("text \ud800") with { Metadata = new Dictionary<string, object?> { ["k"] = 1 } });
        StoredWorkingMemory before = await StoredAsync(manager);
        using var document = new MemoryStream();
        await Conversation.ExportAsync(document);
        document.Position = 0;
        await Client.Get(_tenant, "copy").ImportAsync(document);
        await Conversation.ForkAsync("fork");

        foreach (string id in (string[])["copy", "fork"])
        {
            StoredWorkingMemory after = Assert.Single(await ((IMemoryStorage)manager).GetStorageAsync(id)).Value;
            Assert.Equal(
                (before.Memory, before.CreatedAt, before.LastUpdate, before.ExpiresAt),
                (after.Memory, after.CreatedAt, after.LastUpdate, after.ExpiresAt)
            );
            Assert.Equal(1, after.Metadata["k"].GetInt32());
        }
    }

    private async Task AppendAsync(CancellationToken over)
    {
        for (int i = 0; !over.IsCancellationRequested; i++)
        {
            await Conversation.AppendAsync(new ChatMessage(ChatRole.User, $"{i}"), cancellationToken: CancellationToken.None);
        }
    }

    private static Entry EntryOf(WorkingMemoryValue value) =>
        new()
        {
            Space = EntrySpaces.WorkingMemory,
            Key = "WORKING_MEMORY",
            Value = value.ToJson(),
        };

    private ConversationSnapshot? Snapshot(long version, Entry entry) =>
        new()
        {
            Head = new Head
            {
                Key = ConversationKey.Create("default", Id),
                Version = version,
                FirstSequence = 1,
                LastSequence = 0,
                Settings = ConversationSettings.Empty,
                CreatedAt = Clock.GetUtcNow(),
                UpdatedAt = Clock.GetUtcNow(),
            },
            Entries = ImmutableArray.Create(entry),
        };
}
