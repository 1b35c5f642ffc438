using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>A fork shares the log of its parent up to a sequence and goes its own way from there.</summary>
public abstract partial class ConversationForkContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    [Fact]
    public async Task Fork_has_a_head_of_its_own_the_parents_settings_and_the_shared_messages()
    {
        WrittenConversation parent = await OpenAsync("parent");
        await WriteAsync(parent, Everything(parent));
        await WriteAsync(parent, parent.Turn("more", "three", "four"));
        ForkCommit commit = parent.Fork(Key("child"), 3) with { ExpiresAt = parent.Now.AddHours(1) };

        ForkResult result = await Store.ForkAsync(commit, None);

        StoredConversation stored = await LoadAsync(Key("child"));
        var expected = new Head
        {
            Key = Key("child"),
            Version = 1,
            FirstSequence = 1,
            LastSequence = 3,
            Settings = (await LoadAsync(parent.Key)).Head!.Settings,
            CreatedAt = commit.At,
            UpdatedAt = commit.At,
            ExpiresAt = commit.ExpiresAt,
            Origin = new ForkOrigin { Id = "parent", Sequence = 3 },
        };
        Assert.Equal(new ForkResult(ForkStatus.Created, expected, parent.StoreId), result);
        Assert.Equal(expected, stored.Head);
        Assert.NotEqual(parent.StoreId, stored.StoreId);
        Assert.Equal((await LoadAsync(parent.Key)).Tail.Take(3), stored.Tail);
        Assert.Equal(
            [new LogSegment(parent.StoreId, 1, 3), new LogSegment(stored.StoreId, 4, long.MaxValue)],
            stored.Lineage.Segments.AsEnumerable()
        );
    }

    [Fact]
    public async Task Fork_and_parent_go_their_own_ways()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 3);
        await Store.ForkAsync(parent.Fork(Key("child"), 2), None);
        WrittenConversation child = await OpenAsync("child");

        await WriteAsync(parent, parent.Turn("parent-4", "parent says four"));
        await WriteAsync(child, child.Turn("parent-1", "child says three"));

        StoredConversation stored = await LoadAsync(child.Key);
        Assert.Equal([1, 2, 3], stored.Tail.Select(message => message.Sequence));
        Assert.Contains("child says three", stored.Tail[2].Contents, StringComparison.Ordinal);
        Assert.Equal(Texts(stored.Tail), Texts(await Store.ReadMessagesAsync(stored.Lineage, All(), None)));
        Assert.Equal(
            Texts(stored.Tail).Reverse(),
            Texts(await Store.ReadMessagesAsync(stored.Lineage, All(MessageOrder.Descending), None))
        );
        Assert.Contains("parent says 3", (await LoadAsync(parent.Key)).Tail[2].Contents, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_copies_live_entries_and_only_those_and_they_change_apart()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 1);
        DateTimeOffset now = parent.Now;
        var forever = new Entry
        {
            Space = "s",
            Key = "forever",
            Value = "1",
        };
        var later = new Entry
        {
            Space = "s",
            Key = "later",
            Value = "2",
            ExpiresAt = now.AddMinutes(1).AddMicroseconds(1),
        };
        var over = new Entry
        {
            Space = "s",
            Key = "over",
            Value = "3",
            ExpiresAt = now.AddMinutes(1),
        };
        await WriteAsync(parent, parent.Turn("entries") with { EntryWrites = [forever, later, over] });

        await Store.ForkAsync(parent.Fork(Key("child"), 1), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(child, child.Turn("child-turn") with { EntryWrites = [forever with { Value = "9" }] });
        await WriteAsync(parent, parent.Turn("parent-turn") with { EntryDeletes = [new EntryName("s", "later")] });

        Assert.Equal([forever with { Value = "9" }, later], (await LoadAsync(child.Key)).Entries.AsEnumerable());
        Assert.Equal([forever, over], (await LoadAsync(parent.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Fork_that_shares_nothing_is_an_empty_log_that_starts_behind_the_parents_first()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 4);
        await WriteAsync(parent, parent.Truncation("cut", keepLast: 2));

        await Store.ForkAsync(parent.Fork(Key("child"), 2), None);

        StoredConversation child = await LoadAsync(Key("child"));
        Assert.Equal((3, 2, 0), (child.Head!.FirstSequence, child.Head.LastSequence, child.Head.MessageCount));
        Assert.Empty(child.Tail);
        WrittenConversation writer = await OpenAsync("child");
        await WriteAsync(writer, writer.Turn("child-turn", "three"));
        Assert.Equal([3], (await LoadAsync(Key("child"))).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Fork_of_a_source_that_has_moved_on_is_lost_and_makes_nothing()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);
        ForkCommit stale = parent.Fork(Key("child"), 2);
        await WriteAsync(parent, parent.Turn("moved-on", "three"));

        Assert.Equal(new ForkResult(ForkStatus.Lost, null, null), await Store.ForkAsync(stale, None));
        Assert.Null((await LoadAsync(Key("child"))).Head);

        await Store.DeleteAsync(parent.Key, parent.Now, None);
        Assert.Equal(ForkStatus.Lost, (await Store.ForkAsync(parent.Fork(Key("child"), 2), None)).Status);
    }

    [Fact]
    public async Task Fork_that_comes_again_is_told_by_its_origin()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);
        ForkResult first = await Store.ForkAsync(parent.Fork(Key("child"), 2), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(child, child.Turn("child-turn", "three"));
        await WriteAsync(parent, parent.Turn("moved-on", "three"));

        ForkResult again = await Store.ForkAsync(parent.Fork(Key("child"), 2), None);

        Assert.Equal(ForkStatus.Created, first.Status);
        Assert.Equal((ForkStatus.Exists, parent.StoreId), (again.Status, again.OriginStoreId));
        Assert.Equal((await LoadAsync(child.Key)).Head, again.Head);
    }

    [Fact]
    public async Task Fork_onto_a_conversation_that_is_none_leaves_it_alone()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);
        await WriteNewAsync("taken", turns: 1);
        StoredConversation before = await LoadAsync(Key("taken"));

        ForkResult result = await Store.ForkAsync(parent.Fork(Key("taken"), 2), None);

        Assert.Equal(new ForkResult(ForkStatus.Exists, before.Head, null), result);
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Fork_takes_the_place_of_an_expired_conversation()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);
        WrittenConversation expired = await WriteNewAsync("expired", turns: 1);
        await WriteAsync(
            expired,
            expired.Turn("expiring") with
            {
                ExpiresAt = parent.Now,
                EntryWrites =
                [
                    new Entry
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
            }
        );

        ForkResult result = await Store.ForkAsync(parent.Fork(expired.Key, 1), None);

        Assert.Equal(ForkStatus.Created, result.Status);
        StoredConversation stored = await LoadAsync(expired.Key);
        Assert.NotEqual(expired.StoreId, stored.StoreId);
        Assert.Equal("parent", stored.Head!.Origin!.Id);
        Assert.Empty(stored.Entries);
        Assert.Contains("parent says 1", Assert.Single(stored.Tail).Contents, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_forks_of_one_name_one_is_made()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 2);

        ForkResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => Task.Run(() => Store.ForkAsync(parent.Fork(Key("child"), 2), None)))
        );

        Assert.Single(results, result => result.Status == ForkStatus.Created);
        Assert.All(results, result => Assert.Equal((parent.StoreId, 1), (result.OriginStoreId, result.Head!.Version)));
        Assert.Equal(11, results.Count(result => result.Status == ForkStatus.Exists));
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 6)]
    [InlineData(6, 4)]
    [InlineData(6, 2)]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    public async Task Fork_of_a_fork_reads_through_both_wherever_it_was_taken(long firstFork, long secondFork)
    {
        WrittenConversation root = await WriteNewAsync("root", turns: 6);
        await Store.ForkAsync(root.Fork(Key("child"), firstFork), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(
            child,
            child.Turn("child-turn", [.. Range(child.LastSequence + 1, 6 + 2).Select(i => WrittenConversation.Row(i, $"child says {i}"))])
        );
        await Store.ForkAsync(child.Fork(Key("grandchild"), secondFork), None);
        WrittenConversation grandchild = await OpenAsync("grandchild");
        await WriteAsync(grandchild, grandchild.Turn("grandchild-turn", "grandchild says one", "grandchild says two"));

        StoredConversation stored = await LoadAsync(grandchild.Key);

        string[] expected =
        [
            .. Range(1, Math.Min(firstFork, secondFork)).Select(i => $"root says {i}"),
            .. Range(firstFork + 1, Math.Max(firstFork, secondFork)).Select(i => $"child says {i}"),
            "grandchild says one",
            "grandchild says two",
        ];
        expected = [.. expected.Select(text => WrittenConversation.Row(1, text).Message.Contents)];
        Assert.Equal(Range(1, secondFork + 2), stored.Tail.Select(message => message.Sequence));
        Assert.Equal(expected, Texts(stored.Tail));
        Assert.Equal(expected, Texts(await Store.ReadMessagesAsync(stored.Lineage, All(), None)));
        Assert.Equal(expected.Reverse(), Texts(await Store.ReadMessagesAsync(stored.Lineage, All(MessageOrder.Descending), None)));
        for (int size = 1; size <= expected.Length; size++)
        {
            StoredConversation bounded = await Store.LoadAsync(grandchild.Key, new TailBounds(size, long.MaxValue), None);
            Assert.Equal(expected[^size..], Texts(bounded.Tail));
            var scan = new MessageScan(1, long.MaxValue, null, MessageOrder.Ascending, size, long.MaxValue);
            Assert.Equal(expected[..size], Texts(await Store.ReadMessagesAsync(stored.Lineage, scan, None)));
        }
    }

    [Fact]
    public async Task Bytes_bound_what_is_read_across_parent_and_fork_without_a_gap()
    {
        WrittenConversation parent = await WriteSizesAsync("parent", 1_000, 100, 500, 100);
        await Store.ForkAsync(parent.Fork(Key("child"), 4), None);
        WrittenConversation child = await OpenAsync("child");
        int empty = WrittenConversation.Row(1, "").Bytes;
        await WriteAsync(child, child.Turn("child-turn", new string('x', 700 - empty), new string('x', 100 - empty)));
        Lineage lineage = (await LoadAsync(child.Key)).Lineage;

        // Sizes from the newest: 100, 700, then the parent's 100, 500, 100, 1,000. At 200 to 799 the parent's newest would fit, behind a
        // gap.
        (long Bytes, long First)[] expected =
        [
            (1, 6),
            (200, 6),
            (799, 6),
            (800, 5),
            (899, 5),
            (900, 4),
            (1_399, 4),
            (1_400, 3),
            (1_500, 2),
            (2_499, 2),
            (2_500, 1),
        ];
        foreach ((long bytes, long first) in expected)
        {
            StoredConversation stored = await Store.LoadAsync(child.Key, new TailBounds(100, bytes), None);
            Assert.Equal(Range(first, 6), stored.Tail.Select(message => message.Sequence));
            var scan = new MessageScan(1, 6, null, MessageOrder.Descending, 100, bytes);
            Assert.Equal(Range(first, 6).Reverse(), await ReadSequencesAsync(lineage, scan));
        }

        AssertSequences([3, 4], await ReadSequencesAsync(lineage, new MessageScan(3, 6, null, MessageOrder.Ascending, 100, 1_299)));
        AssertSequences([3, 4, 5], await ReadSequencesAsync(lineage, new MessageScan(3, 6, null, MessageOrder.Ascending, 100, 1_300)));
        AssertSequences([2], await ReadSequencesAsync(lineage, new MessageScan(2, 6, null, MessageOrder.Ascending, 100, 200)));
    }

    [Fact]
    public async Task Truncated_fork_does_not_show_what_it_has_dropped()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 4);
        await Store.ForkAsync(parent.Fork(Key("child"), 4), None);
        WrittenConversation child = await OpenAsync("child");

        await WriteAsync(child, child.Truncation("cut", keepLast: 1));
        Assert.Equal([4], (await LoadAsync(child.Key)).Tail.Select(message => message.Sequence));

        await WriteAsync(child, child.Turn("child-turn", "five") with { FirstSequence = 5, Truncates = true });
        Assert.Equal([5], (await LoadAsync(child.Key)).Tail.Select(message => message.Sequence));
        await SweepAllAsync();
        Assert.Equal([5], (await LoadAsync(child.Key)).Tail.Select(message => message.Sequence));
        Assert.Equal([1, 2, 3, 4], (await LoadAsync(parent.Key)).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Tool_traces_are_read_through_the_lineage_in_order()
    {
        WrittenConversation parent = await WriteNewAsync("parent", turns: 1);
        await WriteAsync(
            parent,
            parent.Turn("calls", [WrittenConversation.Sized(WrittenConversation.Row(2, "call").Message, new ToolLinks(["c"], []))])
        );
        await WriteAsync(
            parent,
            parent.Turn("not-shared", [WrittenConversation.Sized(WrittenConversation.Row(3, "call").Message, new ToolLinks(["d"], []))])
        );
        await Store.ForkAsync(parent.Fork(Key("child"), 2), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(
            child,
            child.Turn("answers", [WrittenConversation.Sized(WrittenConversation.Row(3, "result").Message, new ToolLinks([], ["c"]))])
        );

        IReadOnlyList<ToolTrace> traces = await Store.ReadToolTracesAsync((await LoadAsync(child.Key)).Lineage, 1, None);

        Assert.Equal([2, 3], traces.Select(trace => trace.Sequence));
        Assert.Equal(["c"], traces[1].Links.Results.AsEnumerable());
    }
}
