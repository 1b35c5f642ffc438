using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_turn_is_there_whole_after_the_receipt()
    {
        IConversationGrain conversation = NewConversation();
        TurnReceipt receipt = await conversation.CommitAsync(
            new Turn
            {
                TurnId = "t",
                Messages = [Messages.User("hello"), Messages.Assistant("hi") with { Id = "m2", Author = "Ann", Metadata = """{"n":1}""" }],
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = "mood",
                        Value = "\"good\"",
                    },
                ],
                Settings = SettingsChange.Replace(new ConversationSettings { UserId = "u", Title = "T" }),
            }
        );

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 2,
            },
            receipt
        );
        await conversation.RefreshAsync();
        ConversationSnapshot snapshot = (await conversation.GetSnapshotAsync())!;
        Assert.Equal(
            (1, 1, 2, "u", "T"),
            (
                snapshot.Head.Version,
                snapshot.Head.FirstSequence,
                snapshot.Head.LastSequence,
                snapshot.Head.Settings.UserId,
                snapshot.Head.Settings.Title
            )
        );
        Assert.Equal(("mood", "\"good\""), (snapshot.Entries.Single().Key, snapshot.Entries.Single().Value));
        List<Message> messages = await AllAsync(conversation);
        Assert.Equal([1L, 2L], messages.Select(message => message.Sequence));
        Assert.Equal(
            ("m2", "Ann", """{"n":1}""", Clock.GetUtcNow()),
            (messages[1].Id, messages[1].Author, messages[1].Metadata, messages[1].Created)
        );
        Assert.Matches("^msg_[0-9a-f]{16}$", messages[0].Id);
    }

    [Fact]
    public async Task A_repeated_turn_is_answered_with_the_first_receipt_and_written_once()
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("same", Messages.User("once"));
        await conversation.CommitAsync(turn);
        await conversation.CommitAsync(Messages.Turn("between", Messages.User("twice")));
        TurnReceipt fromMemory = await conversation.CommitAsync(turn);
        await conversation.RefreshAsync();
        TurnReceipt fromStore = await conversation.CommitAsync(turn);
        TurnReceipt withOldVersion = await conversation.CommitAsync(turn with { ExpectedVersion = 0 });

        var expected = new TurnReceipt
        {
            Version = 1,
            FirstSequence = 1,
            LastSequence = 1,
            Replayed = true,
        };
        Assert.Equal([expected, expected, expected], [fromMemory, fromStore, withOldVersion]);
        Assert.Equal(2, (await conversation.GetHeadAsync())!.LastSequence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_id_with_another_payload_is_refused(bool forgotten)
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("id", Messages.User("one")));
        if (forgotten)
        {
            await conversation.RefreshAsync();
        }

        TurnConflictException conflict = await Assert.ThrowsAsync<TurnConflictException>(() =>
            conversation.CommitAsync(Messages.Turn("id", Messages.User("two")))
        );
        Assert.Equal(("id", 1), (conflict.TurnId, conflict.CommittedVersion));
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task The_same_turn_from_many_callers_at_once_is_written_once()
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("same", Messages.User("once"));
        TurnReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => conversation.CommitAsync(turn)));

        Assert.All(receipts, receipt => Assert.Equal((1, 1), (receipt.Version, receipt.FirstSequence)));
        Assert.Single(receipts, receipt => !receipt.Replayed);
        Assert.Single(await AllAsync(conversation));
    }

    [Fact]
    public async Task Many_writers_get_gap_free_sequences_and_every_turn_is_there_once()
    {
        IConversationGrain conversation = NewConversation();
        TurnReceipt[] receipts = await Task.WhenAll(
            Enumerable
                .Range(0, 400)
                .Select(i => conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User($"a{i}"), Messages.Assistant($"b{i}"))))
        );

        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), receipts.Select(receipt => receipt.Version).Order());
        List<Message> messages = await AllAsync(conversation);
        Assert.Equal(Enumerable.Range(1, 800).Select(i => (long)i), messages.Select(message => message.Sequence));
        for (int i = 0; i < 400; i++)
        {
            Assert.Equal(Messages.Text($"a{i}"), messages[(int)receipts[i].FirstSequence! - 1].Contents);
            Assert.Equal(Messages.Text($"b{i}"), messages[(int)receipts[i].LastSequence! - 1].Contents);
        }
    }

    [Fact]
    public async Task An_expected_version_that_is_behind_or_ahead_is_refused_and_stores_nothing()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")) with { ExpectedVersion = 0 });
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("2")) with { ExpectedVersion = 1 });
        foreach (long wrong in (long[])[0, 1, 3])
        {
            VersionConflictException conflict = await Assert.ThrowsAsync<VersionConflictException>(() =>
                conversation.CommitAsync(Messages.Turn($"wrong {wrong}", Messages.User("x")) with { ExpectedVersion = wrong })
            );
            Assert.Equal((wrong, 2), (conflict.ExpectedVersion, conflict.ActualVersion));
        }

        Assert.Equal(2, (await AllAsync(conversation)).Count);
    }

    [Fact]
    public async Task Of_many_turns_that_expect_the_same_version_one_wins()
    {
        IConversationGrain conversation = NewConversation();
        Task<TurnReceipt>[] turns =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i => conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User($"{i}")) with { ExpectedVersion = 0 })),
        ];
        await turns.SettleAsync();

        _ = Assert.Single(turns, turn => turn.IsCompletedSuccessfully);
        foreach (Task<TurnReceipt> turn in turns.Where(turn => !turn.IsCompletedSuccessfully))
        {
            await Assert.ThrowsAsync<VersionConflictException>(() => turn);
        }

        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Tenants_with_the_same_conversation_id_do_not_see_each_other()
    {
        string id = NewId();
        await Host.Conversation(id, "one").CommitAsync(Messages.Turn("t", Messages.User("secret")));

        Assert.Null(await Host.Conversation(id, "two").GetHeadAsync());
        await Host.Conversation(id, "two").CommitAsync(Messages.Turn("t", Messages.User("other")));
        Assert.Equal([Messages.Text("secret")], Texts(await AllAsync(Host.Conversation(id, "one"))));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_disturb_the_turns_behind_it()
    {
        IConversationGrain conversation = NewConversation();
        using var cancelled = new CancellationTokenSource();
        Task<TurnReceipt>[] turns =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                    conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User($"{i}")), i % 5 == 0 ? cancelled.Token : default)
                ),
        ];
        await cancelled.CancelAsync();
        await turns.SettleAsync();

        Assert.All(turns.Where((_, i) => i % 5 != 0), turn => Assert.True(turn.IsCompletedSuccessfully));
        for (int i = 0; i < 50; i++)
        {
            // Whatever became of it, sending it again settles it.
            await conversation.CommitAsync(Messages.Turn($"t{i}", Messages.User($"{i}")));
        }

        Assert.Equal(50, (await conversation.GetHeadAsync())!.Version);
        Assert.Equal(50, (await AllAsync(conversation)).Select(message => message.Contents).Distinct().Count());
    }

    [Fact]
    public async Task Text_of_every_kind_comes_back_as_it_was()
    {
        IConversationGrain conversation = NewConversation();
        string[] contents =
        [
            """[{"$type":"text","text":"\u0000 and \ud800 and \udc00\ud800"}]""",
            Messages.Text("😀 日本語 \u202e עברית"),
            """[ { "$type" : "text" , "text" : "white space" } ]""",
            "[]",
            """[{"$type":"something of the future","x":[1e400,-0.0,1.50]}]""",
        ];
        await conversation.CommitAsync(
            Messages.Turn(
                "t",
                [
                    .. contents.Select(json => new NewMessage
                    {
                        Role = "user",
                        Contents = json,
                        Metadata = """{"a":"\u0000\udfff"}""",
                    }),
                ]
            )
        );
        await conversation.RefreshAsync();

        List<Message> messages = await AllAsync(conversation);
        Assert.Equal(contents, Texts(messages));
        Assert.All(messages, message => Assert.Equal("""{"a":"\u0000\udfff"}""", message.Metadata));
    }

    [Fact]
    public async Task A_message_of_a_megabyte_is_kept_and_pages_stay_bounded()
    {
        IConversationGrain conversation = NewConversation();
        string large = Messages.Text(new string('x', 1024 * 1024));
        for (int i = 0; i < 12; i++)
        {
            await conversation.CommitAsync(
                new Turn { TurnId = $"t{i}", Messages = [new NewMessage { Role = i % 2 == 0 ? "user" : "assistant", Contents = large }] }
            );
        }

        MessagePage page = await conversation.GetMessagesAsync(new MessageQuery { Limit = 12 });
        Assert.InRange(page.Messages.Length, 1, 8);
        Assert.Equal(page.Messages[0].Sequence, page.Next);
        Assert.Equal(12, (await AllAsync(conversation)).Count);
        Assert.Equal(6, (await AllAsync(conversation, new MessageQuery { Role = "user", Order = MessageOrder.Descending })).Count);
    }
}
