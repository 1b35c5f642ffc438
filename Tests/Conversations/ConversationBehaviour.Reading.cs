using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task The_newest_page_is_oldest_first_and_leads_back_to_the_beginning()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 120);

        MessagePage page = await conversation.GetMessagesAsync(MessageQuery.Newest);
        Assert.Equal(Enumerable.Range(71, 50).Select(i => (long)i), page.Messages.Select(message => message.Sequence));
        Assert.Equal(71, page.Next);
        page = await conversation.GetMessagesAsync(new MessageQuery { Before = page.Next });
        Assert.Equal((21L, 70L, 21L), (page.Messages[0].Sequence, page.Messages[^1].Sequence, page.Next));
        page = await conversation.GetMessagesAsync(new MessageQuery { Before = page.Next });
        Assert.Equal((1L, 20L, null), (page.Messages[0].Sequence, page.Messages[^1].Sequence, page.Next));
    }

    [Fact]
    public async Task Reading_on_from_a_sequence_sees_what_is_appended_later()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 3);
        MessagePage page = await conversation.GetMessagesAsync(new MessageQuery { After = 1, Limit = 1 });
        Assert.Equal((2L, 2L), (page.Messages.Single().Sequence, page.Next));
        page = await conversation.GetMessagesAsync(new MessageQuery { After = 3 });
        Assert.True(page.Messages.IsEmpty && page.Next is null);
        await conversation.CommitAsync(Messages.Turn("more", Messages.User("4")));
        Assert.Equal(4, (await conversation.GetMessagesAsync(new MessageQuery { After = 3 })).Messages.Single().Sequence);
    }

    [Fact]
    public async Task Generated_queries_are_answered_as_a_list_would()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 600, perTurn: 150);
        await conversation.TruncateAsync("cut", 570);
        List<Message> model = await AllAsync(conversation);
        Assert.Equal(31, model[0].Sequence);

        for (int seed = 0; seed < 250; seed++)
        {
            var random = new Random(seed);
            if (seed % 50 == 0)
            {
                await conversation.RefreshAsync();
            }

            var query = new MessageQuery
            {
                Limit = random.Next(4) == 0 ? null : random.Next(1, 120),
                After = random.Next(2) == 0 ? null : random.Next(0, 620),
                Before = random.Next(2) == 0 ? null : random.Next(1, 620),
                Role = random.Next(3) switch
                {
                    0 => MessageRoles.User,
                    1 => MessageRoles.System,
                    _ => null,
                },
                Order = (MessageOrder)random.Next(2),
            };
            MessagePage page = await conversation.GetMessagesAsync(query);
            (List<Message> messages, long? next) = Expected(model, query, query.Limit ?? 50);
            Assert.True(
                messages.SequenceEqual(page.Messages) && next == page.Next,
                $"seed {seed}: {query} gave {page.Messages.Length} messages, next {page.Next}; expected {messages.Count}, next {next}"
            );

            List<Message> streamed = await AllAsync(conversation, query);
            Assert.True(
                Expected(model, query, query.Limit ?? int.MaxValue).Messages.SequenceEqual(streamed),
                $"seed {seed}: stream of {query}"
            );
        }
    }

    [Fact]
    public async Task A_stream_ends_at_the_version_at_which_it_began()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 600);
        int seen = 0;
        await foreach (Message message in conversation.StreamMessagesAsync(new MessageQuery()))
        {
            Assert.Equal(++seen, message.Sequence);
            if (seen == 10)
            {
                await FillMoreAsync(conversation);
            }
        }

        Assert.Equal(600, seen);

        static async Task FillMoreAsync(IConversationGrain conversation)
        {
            for (int i = 0; i < 5; i++)
            {
                await conversation.CommitAsync(Messages.Turn($"later {i}", Messages.User("later")));
            }
        }
    }

    [Fact]
    public async Task Entries_are_read_by_name_by_space_and_all_together_in_order()
    {
        IConversationGrain conversation = NewConversation();
        string[] keys = ["b", "a", "\uffff", "😀", "A", "ä"];
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "t",
                EntryWrites =
                [
                    .. keys.Select(key => new EntryWrite
                    {
                        Space = "s2",
                        Key = key,
                        Value = "1",
                    }),
                    new EntryWrite
                    {
                        Space = "s1",
                        Key = "z",
                        Value = """{"a":[null]}""",
                    },
                ],
            }
        );
        await conversation.RefreshAsync();

        Assert.Equal("""{"a":[null]}""", (await conversation.GetEntryAsync("s1", "z"))!.Value);
        Assert.Null(await conversation.GetEntryAsync("s1", "a"));
        Assert.Equal(["z", "A", "a", "b", "ä", "\uffff", "😀"], (await conversation.GetEntriesAsync(null)).Select(entry => entry.Key));
        Assert.Equal(6, (await conversation.GetEntriesAsync("s2")).Length);
        Assert.Empty(await conversation.GetEntriesAsync("s3"));
    }

    [Fact]
    public async Task Deletes_come_before_writes_and_the_last_write_wins()
    {
        IConversationGrain conversation = NewConversation();
        EntryWrite Write(string key, string value) =>
            new()
            {
                Space = "s",
                Key = key,
                Value = value,
            };
        await conversation.CommitAsync(new Turn { TurnId = "1", EntryWrites = [Write("a", "1"), Write("b", "1"), Write("c", "1")] });
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "2",
                EntryDeletes = [new EntryDelete { Space = "s" }],
                EntryWrites = [Write("a", "2"), Write("a", "3")],
            }
        );

        Assert.Equal([("a", "3")], (await conversation.GetEntriesAsync("s")).Select(entry => (entry.Key, entry.Value)));
        await conversation.RefreshAsync();
        Assert.Equal([("a", "3")], (await conversation.GetEntriesAsync("s")).Select(entry => (entry.Key, entry.Value)));
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "3",
                EntryDeletes = [new EntryDelete { Space = "s", Key = "never there" }, new EntryDelete { Space = "none" }],
            }
        );
        Assert.Equal(3, (await conversation.GetHeadAsync())!.Version);
    }

    private static (List<Message> Messages, long? Next) Expected(List<Message> log, MessageQuery query, int limit)
    {
        List<Message> all =
        [
            .. log.Where(message =>
                message.Sequence > (query.After ?? -1)
                && message.Sequence < (query.Before ?? long.MaxValue)
                && (query.Role is null || message.Role == query.Role)
            ),
        ];
        bool forward = query.After is not null && query.Order == MessageOrder.Ascending;
        List<Message> taken = forward ? [.. all.Take(limit)] : [.. all.TakeLast(limit)];
        long? next =
            all.Count <= limit ? null
            : forward ? taken[^1].Sequence
            : taken[0].Sequence;
        if (query.Order == MessageOrder.Descending)
        {
            taken.Reverse();
        }

        return (taken, next);
    }
}
