using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task Truncating_keeps_the_newest_and_sequences_go_on()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 10);
        TurnReceipt receipt = await conversation.TruncateAsync("cut", 3);
        Assert.Equal(new TurnReceipt { Version = 2 }, receipt);
        Assert.Equal([8L, 9L, 10L], (await AllAsync(conversation)).Select(message => message.Sequence));
        await conversation.CommitAsync(Messages.Turn("more", Messages.User("x")));
        await conversation.RefreshAsync();
        Assert.Equal([8L, 9L, 10L, 11L], (await AllAsync(conversation)).Select(message => message.Sequence));
        Assert.True((await conversation.TruncateAsync("cut", 3)).Replayed);
        await conversation.TruncateAsync("keeps all", 100);
        Assert.Equal(4, (await conversation.GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task Truncating_never_separates_a_tool_call_from_its_result()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Messages.Turn(
                "1",
                Messages.User("?"),
                Messages.ToolCall("a", "b"),
                Messages.ToolResult("a"),
                Messages.ToolResult("b"),
                Messages.Assistant("!")
            )
        );
        await conversation.TruncateAsync("cut", 2);
        Assert.Equal([2L, 3L, 4L, 5L], (await AllAsync(conversation)).Select(message => message.Sequence));
        await conversation.TruncateAsync("cut closer", 1);
        Assert.Equal([5L], (await AllAsync(conversation)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task Truncating_in_a_turn_sees_the_results_that_the_turn_itself_brings()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Messages.Turn("1", Messages.User("?"), Messages.ToolCall("a"), Messages.User("wait"), Messages.User("well?"))
        );
        await conversation.CommitAsync(Messages.Turn("2", Messages.ToolResult("a")) with { KeepLast = 1 });
        Assert.Equal([2L, 3L, 4L, 5L], (await AllAsync(conversation)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task Clearing_empties_the_log_and_nothing_else()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Messages.Turn("1", Messages.User("a"), Messages.User("b")) with
            {
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
                Settings = SettingsChange.Replace(new ConversationSettings { Title = "T" }),
            }
        );
        await conversation.ClearAsync("2");
        await conversation.RefreshAsync();

        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((3L, 2L, 0L, "T"), (head.FirstSequence, head.LastSequence, head.MessageCount, head.Settings.Title));
        Assert.Empty(await AllAsync(conversation));
        Assert.Single(await conversation.GetEntriesAsync("s"));
        Assert.Equal(3, (await conversation.CommitAsync(Messages.Turn("3", Messages.User("c")))).FirstSequence);
    }

    [Fact]
    public async Task A_log_is_replaced_in_one_turn()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 5);
        TurnReceipt receipt = await conversation.CommitAsync(Messages.Turn("replace", Messages.User("new")) with { KeepLast = 0 });
        Assert.Equal((6L, 6L), (receipt.FirstSequence, receipt.LastSequence));
        Assert.Equal([Messages.Text("new")], Texts(await AllAsync(conversation)));
    }

    [Fact]
    public async Task Truncating_while_others_write_loses_nothing_that_came_after()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 50);
        Task<TurnReceipt>[] writers =
        [
            .. Enumerable.Range(0, 100).Select(i => conversation.CommitAsync(Messages.Turn($"w{i}", Messages.User($"{i}")))),
        ];
        await conversation.TruncateAsync("cut", 10);
        TurnReceipt[] receipts = await Task.WhenAll(writers);

        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((150L, 102L), (head.LastSequence, head.Version));
        List<Message> messages = await AllAsync(conversation);
        Assert.Equal(head.MessageCount, messages.Count);
        Assert.Equal(Enumerable.Range(51, 100).Select(i => (long)i), receipts.Select(receipt => receipt.FirstSequence!.Value).Order());
    }

    [Fact]
    public async Task Settings_change_by_name_and_are_cleared_by_null()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "1",
                Settings = SettingsChange.Replace(
                    new ConversationSettings
                    {
                        UserId = "u",
                        AgentId = "a",
                        Title = "t",
                        Metadata = """{"k":"v"}""",
                    }
                ),
            }
        );
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "2",
                Settings = new SettingsChange
                {
                    Values = new ConversationSettings { Title = "new" },
                    Fields = SettingsFields.Title | SettingsFields.AgentId,
                },
            }
        );
        await conversation.RefreshAsync();

        Assert.Equal(
            new ConversationSettings
            {
                UserId = "u",
                Title = "new",
                Metadata = """{"k":"v"}""",
            },
            (await conversation.GetHeadAsync())!.Settings
        );
    }

    [Fact]
    public async Task An_entry_is_gone_from_the_instant_of_its_expiry()
    {
        IConversationGrain conversation = NewConversation();
        EntryWrite write = new()
        {
            Space = "s",
            Key = "k",
            Value = "1",
            TimeToLive = TimeSpan.FromSeconds(10),
        };
        await conversation.CommitAsync(new Turn { TurnId = "1", EntryWrites = [write] });
        Assert.Equal(Clock.GetUtcNow().AddSeconds(10), (await conversation.GetEntryAsync("s", "k"))!.ExpiresAt);
        Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.NotNull(await conversation.GetEntryAsync("s", "k"));
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await conversation.GetEntryAsync("s", "k"));
        Assert.Empty(await conversation.GetEntriesAsync(null));
        Assert.Empty((await conversation.GetSnapshotAsync())!.Entries);
        await conversation.CommitAsync(new Turn { TurnId = "2", EntryWrites = [write with { TimeToLive = null }] });
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await conversation.GetEntryAsync("s", "k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_expired_conversation_is_gone_and_its_next_turn_starts_a_new_life(bool forgotten)
    {
        IConversationGrain conversation = NewConversation();
        var settings = SettingsChange.Replace(
            new ConversationSettings
            {
                UserId = "u",
                TimeToLive = new TimeToLive { Duration = TimeSpan.FromHours(1) },
            }
        );
        Turn first = Messages.Turn("1", Messages.User("old")) with
        {
            Settings = settings,
            EntryWrites =
            [
                new EntryWrite
                {
                    Space = "s",
                    Key = "k",
                    Value = "1",
                },
            ],
        };
        await conversation.CommitAsync(first);
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await conversation.GetHeadAsync());
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await conversation.GetHeadAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetMessagesAsync(MessageQuery.Newest));
        if (forgotten)
        {
            await conversation.RefreshAsync();
        }

        TurnReceipt again = await conversation.CommitAsync(first with { Settings = null });
        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            again
        );
        await conversation.RefreshAsync();
        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((1L, null, null), (head.Version, head.ExpiresAt, head.Settings.UserId));
        Assert.Single(await AllAsync(conversation));
    }

    [Fact]
    public async Task A_sliding_time_to_live_starts_anew_with_every_turn_and_an_absolute_one_does_not()
    {
        foreach (bool sliding in (bool[])[true, false])
        {
            IConversationGrain conversation = NewConversation();
            var ttl = new TimeToLive { Duration = TimeSpan.FromMinutes(10), Sliding = sliding };
            await conversation.CommitAsync(
                new Turn { TurnId = "1", Settings = SettingsChange.Replace(new ConversationSettings { TimeToLive = ttl }) }
            );
            DateTimeOffset start = Clock.GetUtcNow();
            Clock.Advance(TimeSpan.FromMinutes(6));
            await conversation.CommitAsync(Messages.Turn("2", Messages.User("x")));
            Assert.Equal(start.AddMinutes(sliding ? 16 : 10), (await conversation.GetHeadAsync())!.ExpiresAt);
            Clock.Advance(TimeSpan.FromMinutes(6));
            Assert.Equal(sliding, await conversation.GetHeadAsync() is not null);
        }
    }
}
