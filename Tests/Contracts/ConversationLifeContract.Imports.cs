using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// An import is seen by no one before it is completed, and then whole.
public abstract partial class ConversationLifeContract
{
    [Fact]
    public async Task Import_is_published_whole_as_version_one()
    {
        var settings = new ConversationSettings
        {
            UserId = "user",
            Title = "imported",
            TimeToLive = new TimeToLive { Duration = TimeSpan.FromHours(2), Sliding = true },
        };
        Entry[] entries =
        [
            new()
            {
                Space = "a",
                Key = "k",
                Value = "1",
            },
            new()
            {
                Space = "b",
                Key = "k",
                Value = "[2]",
                ExpiresAt = WrittenConversation.Start.AddDays(1),
            },
        ];
        long id = await BeginImportAsync("imported", first: 5, last: 9, settings, entries);
        DateTimeOffset at = WrittenConversation.Start.AddHours(1);

        Assert.Equal(7, await AppendAsync("imported", id, 5, 7));
        Assert.Null((await LoadAsync(Key("imported"))).Head);
        Assert.Equal(9, await AppendAsync("imported", id, 8, 9));
        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("imported"), id, at, None));

        StoredConversation stored = await LoadAsync(Key("imported"));
        var expected = new Head
        {
            Key = Key("imported"),
            Version = 1,
            FirstSequence = 5,
            LastSequence = 9,
            Settings = settings,
            CreatedAt = at,
            UpdatedAt = at,
            ExpiresAt = at.AddHours(2),
        };
        Assert.Equal(expected, stored.Head);
        Assert.Equal(id, stored.StoreId);
        Assert.Equal(Range(5, 9).Select(i => WrittenConversation.Row(i, $"imported {i}").Message), stored.Tail);
        Assert.Equal(entries, stored.Entries.AsEnumerable());
        WrittenConversation conversation = await OpenAsync("imported");
        await WriteAsync(conversation, conversation.Turn("goes-on", "ten"));
    }

    [Fact]
    public async Task Import_of_an_empty_log_is_complete_at_once_and_sequences_go_on_behind_it()
    {
        long id = await BeginImportAsync("hollow", first: 8, last: 7);

        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("hollow"), id, WrittenConversation.Start, None));

        Head head = (await LoadAsync(Key("hollow"))).Head!;
        Assert.Equal((8, 7, null), (head.FirstSequence, head.LastSequence, head.ExpiresAt));
        WrittenConversation conversation = await OpenAsync("hollow");
        await WriteAsync(conversation, conversation.Turn("eighth", "eight"));
        Assert.Equal([8], (await LoadAsync(Key("hollow"))).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Chunk_that_comes_again_is_skipped_and_one_behind_a_gap_or_across_the_end_is_not_taken()
    {
        long id = await BeginImportAsync("chunks", first: 1, last: 9);
        Assert.Equal(3, await AppendAsync("chunks", id, 1, 3));

        Assert.Equal(3, await AppendAsync("chunks", id, 1, 3));
        Assert.Equal(3, await AppendAsync("chunks", id, 5, 6));
        Assert.Equal(3, await AppendAsync("chunks", id, 2, 4));
        Assert.Equal(6, await AppendAsync("chunks", id, 4, 6));
        Assert.Equal(6, await AppendAsync("chunks", id, 1, 3));
        Assert.Equal(6, await Store.AppendImportAsync(Key("chunks"), id, [], None));
        Assert.Equal(9, await AppendAsync("chunks", id, 7, 9));

        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("chunks"), id, WrittenConversation.Start, None));
        Assert.Equal(Range(1, 9), (await LoadAsync(Key("chunks"))).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Chunk_that_comes_many_times_at_once_is_written_once()
    {
        long id = await BeginImportAsync("chunk-storm", first: 1, last: 50);

        long[] reached = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AppendAsync("chunk-storm", id, 1, 50))));

        Assert.All(reached, last => Assert.Equal(50, last));
        Assert.Equal(50, (await ReadSequencesAsync(Lineage.Own(Tenant, id), All())).Length);
    }

    [Fact]
    public async Task Import_that_lacks_messages_is_incomplete_and_can_go_on()
    {
        long id = await BeginImportAsync("lacking", first: 1, last: 2);
        await AppendAsync("lacking", id, 1, 1);

        Assert.Equal(ImportStatus.Incomplete, await Store.CompleteImportAsync(Key("lacking"), id, WrittenConversation.Start, None));
        Assert.Null((await LoadAsync(Key("lacking"))).Head);

        await AppendAsync("lacking", id, 2, 2);
        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("lacking"), id, WrittenConversation.Start, None));
    }

    [Fact]
    public async Task Completing_again_changes_nothing_also_when_the_conversation_has_gone_on()
    {
        long id = await BeginImportAsync("completed", first: 1, last: 1);
        await AppendAsync("completed", id, 1, 1);
        await Store.CompleteImportAsync(Key("completed"), id, WrittenConversation.Start, None);
        WrittenConversation conversation = await OpenAsync("completed");
        await WriteAsync(conversation, conversation.Turn("second", "two"));
        StoredConversation before = await LoadAsync(Key("completed"));

        Assert.Equal(
            ImportStatus.Completed,
            await Store.CompleteImportAsync(Key("completed"), id, WrittenConversation.Start.AddDays(1), None)
        );
        await AssertUnchangedAsync(before);
        await Assert.ThrowsAsync<ImportNotFoundException>(() => AppendAsync("completed", id, 3, 3));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Import_onto_a_conversation_that_was_made_meanwhile_leaves_it_alone()
    {
        long id = await BeginImportAsync("contested", first: 1, last: 1);
        await AppendAsync("contested", id, 1, 1);
        await WriteNewAsync("contested", turns: 2);
        StoredConversation before = await LoadAsync(Key("contested"));

        Assert.Equal(ImportStatus.Exists, await Store.CompleteImportAsync(Key("contested"), id, WrittenConversation.Start, None));
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Of_two_imports_of_one_key_the_first_to_be_completed_wins()
    {
        long one = await BeginImportAsync("race", first: 1, last: 1);
        long two = await BeginImportAsync("race", first: 1, last: 2);
        await AppendAsync("race", one, 1, 1);
        await AppendAsync("race", two, 1, 2);

        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("race"), two, WrittenConversation.Start, None));
        Assert.Equal(ImportStatus.Exists, await Store.CompleteImportAsync(Key("race"), one, WrittenConversation.Start, None));
        Assert.Equal(two, (await LoadAsync(Key("race"))).StoreId);
    }

    [Fact]
    public async Task Import_takes_the_place_of_an_expired_conversation()
    {
        WrittenConversation expired = await OpenAsync("outlived");
        await WriteAsync(expired, Everything(expired) with { ExpiresAt = WrittenConversation.Start.AddHours(1) });
        long id = await BeginImportAsync("outlived", first: 1, last: 1);
        await AppendAsync("outlived", id, 1, 1);

        Assert.Equal(
            ImportStatus.Exists,
            await Store.CompleteImportAsync(Key("outlived"), id, WrittenConversation.Start.AddMinutes(59), None)
        );
        Assert.Equal(
            ImportStatus.Completed,
            await Store.CompleteImportAsync(Key("outlived"), id, WrittenConversation.Start.AddHours(1), None)
        );

        StoredConversation stored = await LoadAsync(Key("outlived"));
        Assert.Equal(id, stored.StoreId);
        Assert.Empty(stored.Entries);
        Assert.Contains("imported 1", Assert.Single(stored.Tail).Contents, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunk_beyond_what_was_announced_is_refused_and_the_import_can_go_on()
    {
        long id = await BeginImportAsync("beyond", first: 3, last: 5);
        await AppendAsync("beyond", id, 3, 4);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => AppendAsync("beyond", id, 5, 6));
        await Assert.ThrowsAsync<InvalidRequestException>(() => AppendAsync("beyond", id, 6, 6));

        Assert.Equal("messages", refusal.Parameter);
        Assert.Contains("3 to 5", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await ReadSequencesAsync(Lineage.Own(Tenant, id), All()))[^1]);
        Assert.Equal(5, await AppendAsync("beyond", id, 5, 5));
        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key("beyond"), id, WrittenConversation.Start, None));
        long empty = await BeginImportAsync("announced-nothing", first: 1, last: 0);
        await Assert.ThrowsAsync<InvalidRequestException>(() => AppendAsync("announced-nothing", empty, 1, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completing_an_import_again_that_was_deleted_or_replaced_finds_none(bool replaced)
    {
        string name = $"gone-{replaced}";
        long id = await BeginImportAsync(name, first: 1, last: 0);
        await Store.CompleteImportAsync(Key(name), id, WrittenConversation.Start, None);
        WrittenConversation imported = await OpenAsync(name);
        await WriteAsync(imported, imported.Turn("expires") with { ExpiresAt = WrittenConversation.Start.AddHours(1) });
        Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key(name), id, WrittenConversation.Start.AddHours(2), None));
        Assert.Equal(id, (await LoadAsync(Key(name))).StoreId);
        if (replaced)
        {
            await NewLifeAsync(imported, at: WrittenConversation.Start.AddHours(1));
        }
        else
        {
            await Store.DeleteAsync(Key(name), WrittenConversation.Start, None);
        }

        await Assert.ThrowsAsync<ImportNotFoundException>(() =>
            Store.CompleteImportAsync(Key(name), id, WrittenConversation.Start.AddHours(2), None)
        );
    }

    [Fact]
    public async Task Import_that_nobody_began_or_of_another_key_is_not_found()
    {
        long unused = await Store.ReserveStoreIdAsync(None);
        long id = await BeginImportAsync("begun", first: 1, last: 1);

        foreach ((string key, long storeId) in ((string, long)[])[("begun", unused), ("another", id)])
        {
            await Assert.ThrowsAsync<ImportNotFoundException>(() => AppendAsync(key, storeId, 1, 1));
            await Assert.ThrowsAsync<ImportNotFoundException>(() =>
                Store.CompleteImportAsync(Key(key), storeId, WrittenConversation.Start, None)
            );
        }
    }

    [Fact]
    public async Task Import_that_cannot_be_stored_is_refused_and_others_go_on()
    {
        var poison = new Entry
        {
            Space = "s",
            Key = "k",
            Value = Poisons["no JSON"],
        };
        for (int i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<InvalidRequestException>(() =>
                BeginImportAsync($"poisoned-{i}", first: 1, last: 1, entries: [poison])
            );
            long id = await BeginImportAsync($"healthy-{i}", first: 1, last: 2);
            MessageRow row = WrittenConversation.Row(1, "text");
            await Assert.ThrowsAsync<InvalidRequestException>(() =>
                Store.AppendImportAsync(
                    Key($"healthy-{i}"),
                    id,
                    [row with { Message = row.Message with { Contents = Poisons["no JSON"] } }],
                    None
                )
            );
            Assert.Equal(1, await AppendAsync($"healthy-{i}", id, 1, 1));
            await WriteNewAsync($"taken-{i}", turns: 1);
            long late = await BeginImportAsync($"taken-{i}", first: 1, last: 0);
            Assert.Equal(ImportStatus.Exists, await Store.CompleteImportAsync(Key($"taken-{i}"), late, WrittenConversation.Start, None));
            Assert.Equal(2, await AppendAsync($"healthy-{i}", id, 2, 2));
            Assert.Equal(ImportStatus.Completed, await Store.CompleteImportAsync(Key($"healthy-{i}"), id, WrittenConversation.Start, None));
            Assert.Equal([1, 2], (await LoadAsync(Key($"healthy-{i}"))).Tail.Select(message => message.Sequence));
        }
    }

    [Fact]
    public async Task Abandoned_import_is_swept_with_its_messages_and_a_young_one_stays()
    {
        await SweepAllAsync();
        long old = await BeginImportAsync("abandoned", first: 1, last: 5, at: WrittenConversation.Start);
        await AppendAsync("abandoned", old, 1, 3);
        long young = await BeginImportAsync("abandoned", first: 1, last: 5, at: WrittenConversation.Start.AddMicroseconds(1));

        SweepResult swept = await Store.SweepAsync(new Sweep(default, WrittenConversation.Start.AddMicroseconds(1), 100), None);

        Assert.Equal((1, 3, 0), (swept.Imports, swept.Messages, swept.Lives));
        await Assert.ThrowsAsync<ImportNotFoundException>(() => AppendAsync("abandoned", old, 4, 5));
        Assert.Equal(5, await AppendAsync("abandoned", young, 1, 5));
    }

    [Fact]
    public async Task Sweep_of_a_large_import_keeps_to_its_limit_and_ends_it_at_last()
    {
        await SweepAllAsync();
        long id = await BeginImportAsync("large", first: 1, last: 100, at: WrittenConversation.Start);
        await AppendAsync("large", id, 1, 25);
        var sweep = new Sweep(default, WrittenConversation.Start.AddDays(1), 10);

        SweepResult[] swept =
        [
            await Store.SweepAsync(sweep, None),
            await Store.SweepAsync(sweep, None),
            await Store.SweepAsync(sweep, None),
        ];

        Assert.Equal([10, 10, 5], swept.Select(step => step.Messages));
        Assert.Equal([0, 0, 1], swept.Select(step => step.Imports));
        Assert.Equal(default, await Store.SweepAsync(sweep, None));
    }

    private Task<long> AppendAsync(string id, long storeId, long first, long last) =>
        Store.AppendImportAsync(Key(id), storeId, [.. Range(first, last).Select(i => WrittenConversation.Row(i, $"imported {i}"))], None);
}
