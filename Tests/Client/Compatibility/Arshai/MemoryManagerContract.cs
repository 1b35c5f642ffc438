using System.Text.Json;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

/// <summary>What every memory manager does. A manager's file only says how it is made.</summary>
public abstract partial class MemoryManagerContract : IAsyncLifetime
{
    protected const string Id = "conv_123";
    protected const ConversationMemoryType Working = ConversationMemoryType.WorkingMemory;

    protected virtual ManualUtcClock Clock { get; } = new();

    protected LogLines Logs { get; } = new();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a manager; all of one test keep their memories in the same place, where there is one.</summary>
    protected abstract IMemoryManager Make(MemoryManagerOptions options);

    protected IMemoryManager Make() => Make(new MemoryManagerOptions());

    protected static MemoryInput Of(string? text = null, ConversationMemoryType type = Working, string id = Id) =>
        new()
        {
            ConversationId = id,
            MemoryType = type,
            Data = text is null ? null : [new WorkingMemory(text)],
        };

    protected static async Task<string?> TextAsync(IMemoryManager manager, ConversationMemoryType type = Working, string id = Id)
    {
        IReadOnlyList<WorkingMemory> found = await manager.RetrieveAsync(Of(type: type, id: id));
        Assert.InRange(found.Count, 0, 1);
        return found.Count == 0 ? null : found[0].Text;
    }

    protected static async Task<StoredWorkingMemory> StoredAsync(IMemoryManager manager) =>
        Assert.Single(await ((IMemoryStorage)manager).GetStorageAsync(Id)).Value;

    [Fact]
    public async Task What_was_stored_is_retrieved_and_the_key_names_it()
    {
        IMemoryManager manager = Make();

        string key = await manager.StoreAsync(Of("\ud83d\ude00 \ud800 \0 <é>\n  two"));

        Assert.Equal("memory:WORKING_MEMORY:conv_123", key);
        Assert.Equal("\ud83d\ude00 \ud800 \0 <é>\n  two", await TextAsync(manager));
    }

    [Fact]
    public async Task Types_and_conversations_are_apart()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("w"));
        Assert.Equal("memory:SHORT_TERM_MEMORY:conv_123", await manager.StoreAsync(Of("s", ConversationMemoryType.ShortTermMemory)));
        Assert.Equal("memory:LONG_TERM_MEMORY:other", await manager.StoreAsync(Of("l", ConversationMemoryType.LongTermMemory, "other")));

        await manager.DeleteAsync(Of());

        Assert.Null(await TextAsync(manager));
        Assert.Equal("s", await TextAsync(manager, ConversationMemoryType.ShortTermMemory));
        Assert.Null(await TextAsync(manager, ConversationMemoryType.LongTermMemory));
        Assert.Equal("l", await TextAsync(manager, ConversationMemoryType.LongTermMemory, "other"));
    }

    [Fact]
    public async Task Without_a_type_it_is_working_memory()
    {
        IMemoryManager manager = Make();

        string key = await manager.StoreAsync(new MemoryInput { ConversationId = Id, Data = [new WorkingMemory("w")] });

        Assert.Equal("memory:WORKING_MEMORY:conv_123", key);
        Assert.Equal("w", await TextAsync(manager));
    }

    [Fact]
    public async Task Of_several_memories_the_last_wins()
    {
        IMemoryManager manager = Make();
        MemoryInput several = Of() with { Data = [new WorkingMemory("1"), new WorkingMemory("2"), new WorkingMemory("3")] };

        await manager.StoreAsync(several);
        Assert.Equal("3", await TextAsync(manager));
        Assert.Single(await ((IMemoryStorage)manager).GetStorageAsync(Id));

        await manager.UpdateAsync(several with { Data = [new WorkingMemory("4"), new WorkingMemory("5")] });
        Assert.Equal("5", await TextAsync(manager));
    }

    [Fact]
    public async Task Storing_replaces_text_metadata_and_instants()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(
            Of("one") with
            {
                Metadata = new Dictionary<string, object?>
                {
                    ["source"] = "a",
                    ["n"] = 1,
                    ["none"] = null,
                },
            }
        );
        StoredWorkingMemory first = await StoredAsync(manager);
        DateTimeOffset start = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromHours(1));

        await manager.StoreAsync(Of("two"));

        Assert.Equal((start, start, start.AddHours(12)), (first.CreatedAt, first.LastUpdate, first.ExpiresAt));
        Assert.Equal(["n=1", "none=null", "source=\"a\""], first.Metadata.Select(pair => $"{pair.Key}={pair.Value.GetRawText()}").Order());
        StoredWorkingMemory second = await StoredAsync(manager);
        Assert.Equal(("two", 0, "memory:WORKING_MEMORY:conv_123"), (second.Memory.Text, second.Metadata.Count, second.Key));
        Assert.Equal((start.AddHours(1), start.AddHours(1), start.AddHours(13)), (second.CreatedAt, second.LastUpdate, second.ExpiresAt));
    }

    [Fact]
    public async Task Updating_changes_text_and_last_update_alone()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("one") with { Metadata = new Dictionary<string, object?> { ["source"] = "\ud800" } });
        DateTimeOffset start = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromHours(1));

        await manager.UpdateAsync(Of("two") with { Metadata = new Dictionary<string, object?> { ["source"] = "ignored" } });

        StoredWorkingMemory stored = await StoredAsync(manager);
        Assert.Equal(("two", "\"\\ud800\""), (stored.Memory.Text, stored.Metadata["source"].GetRawText()));
        Assert.Equal((start, start.AddHours(1), start.AddHours(12)), (stored.CreatedAt, stored.LastUpdate, stored.ExpiresAt));
        Assert.Empty(Logs.Lines);
    }

    [Fact]
    public async Task Updating_what_is_not_there_is_a_warning_without_ids_and_nothing_else()
    {
        IMemoryManager manager = Make();

        await manager.UpdateAsync(Of("secret"));
        await manager.StoreAsync(Of("s", ConversationMemoryType.ShortTermMemory));
        await manager.UpdateAsync(Of("secret"));

        Assert.Null(await TextAsync(manager));
        Assert.Equal(2, Logs.Lines.Count);
        Assert.All(Logs.Lines, line => Assert.Contains("no working memory to update", line, StringComparison.Ordinal));
        Assert.All(Logs.Lines, line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
        Assert.All(Logs.Lines, line => Assert.DoesNotContain(Id, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deleting_is_idempotent()
    {
        IMemoryManager manager = Make();

        await manager.DeleteAsync(Of());
        await manager.StoreAsync(Of("w"));
        await manager.DeleteAsync(Of());
        await manager.DeleteAsync(Of());

        Assert.Empty(await manager.RetrieveAsync(Of()));
    }

    [Fact]
    public async Task Query_limit_filters_and_memory_id_are_ignored()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("w"));

        MemoryInput input = Of() with
        {
            Query = "nothing like it",
            Limit = 0,
            Filters = new Dictionary<string, object?> { ["x"] = 1 },
            MemoryId = "other",
        };

        Assert.Equal("w", Assert.Single(await manager.RetrieveAsync(input)).Text);
        Assert.Equal(5, Of().Limit);
    }

    [Fact]
    public async Task Without_data_nothing_is_stored_or_updated()
    {
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("w"));

        foreach (MemoryInput input in (MemoryInput[])[Of(), Of() with { Data = [] }])
        {
            Assert.Equal(
                "No data provided to store",
                (await Assert.ThrowsAsync<InvalidRequestException>(() => manager.StoreAsync(input))).Message
            );
            Assert.Equal(
                "No data provided to update",
                (await Assert.ThrowsAsync<InvalidRequestException>(() => manager.UpdateAsync(input))).Message
            );
        }

        MemoryInput hole = Of() with { Data = [new WorkingMemory("x"), null!] };
        Assert.Equal("data[1]", (await Assert.ThrowsAsync<InvalidRequestException>(() => manager.StoreAsync(hole))).Parameter);
        Assert.Equal("w", await TextAsync(manager));
    }

    public static TheoryData<MemoryInput, string> BadInputs() =>
        new()
        {
            { Of("w", id: ""), "conversationId" },
            { Of("w", id: null!), "conversationId" },
            { Of("w", id: "a/b"), "conversationId" },
            { Of("w", (ConversationMemoryType)9), "type" },
        };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public async Task A_bad_address_is_refused_by_name(MemoryInput input, string parameter)
    {
        IMemoryManager manager = Make();
        Func<Task>[] calls =
        [
            () => manager.StoreAsync(input),
            () => manager.RetrieveAsync(input),
            () => manager.UpdateAsync(input),
            () => manager.DeleteAsync(input),
        ];

        foreach (Func<Task> call in calls)
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(call)).Parameter);
        }

        await Assert.ThrowsAsync<ArgumentNullException>(() => manager.StoreAsync(null!));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ((IMemoryStorage)manager).GetStorageAsync("a/b"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ((IMemoryStorage)manager).ClearExpiredAsync("a/b"));
    }

    [Fact]
    public async Task Metadata_that_is_no_json_is_refused()
    {
        IMemoryManager manager = Make();
        MemoryInput input = Of("w") with { Metadata = new Dictionary<string, object?> { ["x"] = (nint)1 } };

        Assert.Equal("metadata", (await Assert.ThrowsAsync<InvalidRequestException>(() => manager.StoreAsync(input))).Parameter);
        Assert.Null(await TextAsync(manager));
    }

    [Fact]
    public async Task Storage_and_statistics_show_one_conversation()
    {
        IMemoryManager manager = Make();
        var storage = (IMemoryStorage)manager;
        Assert.Empty(await storage.GetStorageAsync(Id));
        await manager.StoreAsync(Of("w"));
        await manager.StoreAsync(Of("s", ConversationMemoryType.ShortTermMemory));
        await manager.StoreAsync(Of("other", id: "other"));

        StorageStatistics statistics = await storage.GetStatisticsAsync(Id);

        Assert.Equal(2, statistics.TotalEntries);
        Assert.Equal(["memory:SHORT_TERM_MEMORY:conv_123", "memory:WORKING_MEMORY:conv_123"], statistics.MemoryKeys);
        StoredWorkingMemory stored = (await storage.GetStorageAsync(Id))["memory:SHORT_TERM_MEMORY:conv_123"];
        Assert.Equal((Id, ConversationMemoryType.ShortTermMemory, "s"), (stored.ConversationId, stored.MemoryType, stored.Memory.Text));
    }

    [Fact]
    public async Task Writers_of_one_memory_leave_one_whole_value()
    {
        const int Writers = 8;
        IMemoryManager manager = Make();
        await manager.StoreAsync(Of("start"));
        using var start = new Gate();
        Task[] writers =
        [
            .. Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        await start.PassAsync();
                        string text = FormattableString.Invariant($"{writer}");
                        var metadata = new Dictionary<string, object?> { ["writer"] = text };
                        await (writer % 2 == 0 ? manager.StoreAsync(Of(text) with { Metadata = metadata }) : manager.UpdateAsync(Of(text)));
                    })
                ),
        ];
        for (int i = 0; i < Writers; i++)
        {
            await start.ArrivalAsync();
        }

        start.Open();
        await Task.WhenAll(writers).WithTimeout();

        StoredWorkingMemory stored = await StoredAsync(manager);
        Assert.InRange(int.Parse(stored.Memory.Text, System.Globalization.CultureInfo.InvariantCulture), 0, Writers - 1);
        Assert.Equal(JsonValueKind.String, stored.Metadata["writer"].ValueKind);
        Assert.Empty(Logs.Lines);
    }
}
