using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Reads are bounded by what they are asked for, and miss nothing within it.</summary>
public abstract partial class ConversationReadContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    [InlineData(100, 1)]
    public async Task Tail_holds_the_newest_messages_up_to_a_count(int count, long expectedFirst)
    {
        WrittenConversation conversation = await WriteNewAsync("counted", turns: 4);

        StoredConversation stored = await Store.LoadAsync(conversation.Key, new TailBounds(count, long.MaxValue), None);

        Assert.Equal(Range(expectedFirst, 4), stored.Tail.Select(message => message.Sequence));
        Assert.Equal(4, stored.Head!.LastSequence);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(100, 4)]
    [InlineData(199, 4)]
    [InlineData(200, 3)]
    [InlineData(1_199, 3)]
    [InlineData(1_200, 2)]
    [InlineData(1_299, 2)]
    [InlineData(1_300, 1)]
    [InlineData(long.MaxValue, 1)]
    public async Task Tail_holds_the_newest_messages_up_to_a_number_of_bytes_and_always_the_newest(long bytes, long expectedFirst)
    {
        WrittenConversation conversation = await WriteSizesAsync("weighed", 100, 1_000, 100, 100);

        StoredConversation stored = await Store.LoadAsync(conversation.Key, new TailBounds(100, bytes), None);

        Assert.Equal(Range(expectedFirst, 4), stored.Tail.Select(message => message.Sequence));
    }

    [Theory]
    [InlineData(1, 10, 3, long.MaxValue, new long[] { 1, 2, 3 }, new long[] { 6, 5, 4 })]
    [InlineData(2, 4, 10, long.MaxValue, new long[] { 2, 3, 4 }, new long[] { 4, 3, 2 })]
    [InlineData(1, 10, 10, 250, new long[] { 1, 2 }, new long[] { 6 })]
    [InlineData(3, 3, 1, 1, new long[] { 3 }, new long[] { 3 })]
    [InlineData(7, 9, 10, 100, new long[0], new long[0])]
    [InlineData(0, long.MaxValue, int.MaxValue, long.MaxValue, new long[] { 1, 2, 3, 4, 5, 6 }, new long[] { 6, 5, 4, 3, 2, 1 })]
    public async Task Scan_keeps_to_its_range_limit_and_bytes_in_both_directions(
        long first,
        long last,
        int limit,
        long bytes,
        long[] ascending,
        long[] descending
    )
    {
        WrittenConversation conversation = await WriteSizesAsync("scanned", 100, 100, 100, 100, 100, 300);
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;

        Assert.Equal(
            ascending,
            await ReadSequencesAsync(lineage, new MessageScan(first, last, null, MessageOrder.Ascending, limit, bytes))
        );
        Assert.Equal(
            descending,
            await ReadSequencesAsync(lineage, new MessageScan(first, last, null, MessageOrder.Descending, limit, bytes))
        );
    }

    [Fact]
    public async Task Scan_by_role_counts_only_messages_of_that_role()
    {
        WrittenConversation conversation = await OpenAsync("roles");
        string[] roles =
        [
            MessageRoles.System,
            MessageRoles.User,
            MessageRoles.Assistant,
            MessageRoles.Tool,
            MessageRoles.Assistant,
            MessageRoles.User,
        ];
        await WriteAsync(
            conversation,
            conversation.Turn("roles-turn", [.. roles.Select((role, i) => WrittenConversation.Row(i + 1, $"{i}", role))])
        );
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;

        AssertSequences([2, 6], await ReadSequencesAsync(lineage, All(role: MessageRoles.User)));
        AssertSequences([5, 3], await ReadSequencesAsync(lineage, All(MessageOrder.Descending, MessageRoles.Assistant)));
        AssertSequences([5], await ReadSequencesAsync(lineage, All(MessageOrder.Descending, MessageRoles.Assistant) with { Limit = 1 }));
        AssertSequences([3], await ReadSequencesAsync(lineage, All(role: MessageRoles.Assistant) with { MaxBytes = 1 }));
        Assert.Empty(await ReadSequencesAsync(lineage, All(role: MessageRoles.Tool) with { First = 5 }));
    }

    [Theory]
    [InlineData(MessageOrder.Ascending, new long[] { 2, 5, 7 }, new long[] { 2, 5 }, new long[] { 2 })]
    [InlineData(MessageOrder.Descending, new long[] { 7, 5, 2 }, new long[] { 7, 5 }, new long[] { 7 })]
    public async Task System_messages_are_found_in_range_limit_and_bytes_also_through_a_parent(
        MessageOrder order,
        long[] all,
        long[] limited,
        long[] small
    )
    {
        WrittenConversation conversation = await OpenAsync("system");
        await WriteAsync(
            conversation,
            conversation.Turn(
                "system-turn",
                [
                    .. Enumerable
                        .Range(1, 7)
                        .Select(i => WrittenConversation.Row(i, "text", i is 2 or 5 or 7 ? MessageRoles.System : MessageRoles.User)),
                ]
            )
        );
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;
        MessageScan scan = All(order, MessageRoles.System);

        Assert.Equal(all, await ReadSequencesAsync(lineage, scan));
        Assert.Equal(limited, await ReadSequencesAsync(lineage, scan with { Limit = 2 }));
        Assert.Equal(small, await ReadSequencesAsync(lineage, scan with { MaxBytes = 1 }));
        AssertSequences([5], await ReadSequencesAsync(lineage, scan with { First = 3, Last = 6 }));
        await Store.ForkAsync(conversation.Fork(Key("system-child"), 6), None);
        long[] shared = [.. all.Where(sequence => sequence <= 6)];
        Assert.Equal(shared, await ReadSequencesAsync((await LoadAsync(Key("system-child"))).Lineage, scan));
    }

    [Fact]
    public async Task Messages_that_come_while_a_log_is_read_page_by_page_do_not_disturb_it()
    {
        WrittenConversation conversation = await WriteNewAsync("paged", turns: 7);
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;
        var read = new List<long>();

        for (long after = 0; read.Count < 7; after = read[^1])
        {
            read.AddRange(await ReadSequencesAsync(lineage, new MessageScan(after + 1, 7, null, MessageOrder.Ascending, 3, long.MaxValue)));
            await WriteAsync(conversation, conversation.Turn($"meanwhile-{after}", "new"));
        }

        Assert.Equal(Range(1, 7), read);
        Assert.Equal(Range(1, 10), await ReadSequencesAsync(lineage, All()));
    }

    [Fact]
    public async Task Conversation_of_a_hundred_thousand_messages_is_written_loaded_and_paged()
    {
        const int turns = 100;
        const int messagesEach = 1_000;
        WrittenConversation conversation = await OpenAsync("long");
        for (int turn = 0; turn < turns; turn++)
        {
            await WriteAsync(
                conversation,
                conversation.Turn(
                    $"long-{turn}",
                    [
                        .. Enumerable
                            .Range(1, messagesEach)
                            .Select(i =>
                                WrittenConversation.Row(
                                    conversation.LastSequence + i,
                                    "text",
                                    i % 100 == 0 ? MessageRoles.System : MessageRoles.User
                                )
                            ),
                    ]
                )
            );
        }

        int size = WrittenConversation.Row(1, "text").Bytes;
        StoredConversation byCount = await Store.LoadAsync(conversation.Key, new TailBounds(50, long.MaxValue), None);
        Assert.Equal(100_000, byCount.Head!.MessageCount);
        Assert.Equal(Range(99_951, 100_000), byCount.Tail.Select(message => message.Sequence));
        StoredConversation byBytes = await Store.LoadAsync(conversation.Key, new TailBounds(5_000, (20L * size) + 1), None);
        Assert.Equal(Range(99_981, 100_000), byBytes.Tail.Select(message => message.Sequence));

        Lineage lineage = byCount.Lineage;
        Assert.Equal(Range(50_000, 50_999), await ReadSequencesAsync(lineage, All() with { First = 50_000, Limit = 1_000 }));
        Assert.Equal(
            Range(49_000, 49_999).Reverse(),
            await ReadSequencesAsync(lineage, All(MessageOrder.Descending) with { Last = 49_999, Limit = 1_000 })
        );
        Assert.Equal(
            Range(1, 3).Select(i => i * 100),
            await ReadSequencesAsync(lineage, All(role: MessageRoles.System) with { Limit = 3 })
        );
        Assert.Equal(1_000, (await ReadSequencesAsync(lineage, All(MessageOrder.Descending, MessageRoles.System))).Length);
    }

    [Fact]
    public async Task Tool_traces_tell_calls_and_results_in_order_and_nothing_else()
    {
        WrittenConversation conversation = await OpenAsync("tools");
        await WriteAsync(
            conversation,
            conversation.Turn(
                "tools-turn",
                [
                    WrittenConversation.Row(1, "plain"),
                    WrittenConversation.Sized(WrittenConversation.Row(2, "calls").Message, new ToolLinks(["call 1", "call \"2\" 😀"], [])),
                    WrittenConversation.Sized(
                        WrittenConversation.Row(3, "answers", MessageRoles.Tool).Message,
                        new ToolLinks([], ["call 1"])
                    ),
                    WrittenConversation.Row(4, "plain"),
                    WrittenConversation.Sized(WrittenConversation.Row(5, "both").Message, new ToolLinks(["call 3"], ["call \"2\" 😀"])),
                ]
            )
        );
        Lineage lineage = (await LoadAsync(conversation.Key)).Lineage;

        IReadOnlyList<ToolTrace> traces = await Store.ReadToolTracesAsync(lineage, 1, None);

        Assert.Equal([2, 3, 5], traces.Select(trace => trace.Sequence));
        Assert.Equal(["call 1", "call \"2\" 😀"], traces[0].Links.Calls.AsEnumerable());
        Assert.Empty(traces[0].Links.Results);
        Assert.Equal(["call 1"], traces[1].Links.Results.AsEnumerable());
        Assert.Equal(["call 3"], traces[2].Links.Calls.AsEnumerable());
        Assert.Equal([5], (await Store.ReadToolTracesAsync(lineage, 4, None)).Select(trace => trace.Sequence));
    }
}
