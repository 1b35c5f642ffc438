using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_fork_shares_the_log_up_to_a_sequence_and_then_goes_its_own_way()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 10);
        await origin.CommitAsync(
            new Turn
            {
                TurnId = "e",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
                Settings = SettingsChange.Replace(new ConversationSettings { UserId = "u" }),
            }
        );
        string id = NewId();
        Head head = await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 6 });
        Assert.Equal(
            (1L, 1L, 6L, "u", 6L),
            (head.Version, head.FirstSequence, head.LastSequence, head.Settings.UserId, head.Origin!.Sequence)
        );

        IConversationGrain fork = Host.Conversation(id);
        await fork.CommitAsync(
            Messages.Turn("f", Messages.User("in the fork")) with
            {
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "2",
                    },
                ],
            }
        );
        await origin.CommitAsync(Messages.Turn("o", Messages.User("in the origin")));
        await fork.RefreshAsync();
        Assert.Equal(
            [.. Enumerable.Range(1, 6).Select(i => Messages.Text($"message {i}")), Messages.Text("in the fork")],
            Texts(await AllAsync(fork))
        );
        Assert.Equal("1", (await origin.GetEntryAsync("s", "k"))!.Value);
        Assert.Equal(11, (await AllAsync(origin)).Count);
    }

    [Fact]
    public async Task A_fork_of_a_fork_reads_through_both()
    {
        IConversationGrain a = NewConversation();
        await FillAsync(a, 300);
        (string b, string c, string d) = (NewId(), NewId(), NewId());
        await a.ForkAsync(new ForkRequest { NewId = b, AtSequence = 290 });
        await Host.Conversation(b).CommitAsync(Messages.Turn("b", Messages.User("b1"), Messages.User("b2")));
        await Host.Conversation(b).ForkAsync(new ForkRequest { NewId = c });
        await Host.Conversation(c).CommitAsync(Messages.Turn("c", Messages.User("c1")));
        await Host.Conversation(c).ForkAsync(new ForkRequest { NewId = d, AtSequence = 100 });
        await Host.Conversation(d).CommitAsync(Messages.Turn("d", Messages.User("d1")));

        string[] shared = [.. Enumerable.Range(1, 290).Select(i => Messages.Text($"message {i}"))];
        await Host.Conversation(c).RefreshAsync();
        Assert.Equal(
            [.. shared, Messages.Text("b1"), Messages.Text("b2"), Messages.Text("c1")],
            Texts(await AllAsync(Host.Conversation(c)))
        );
        Assert.Equal([.. shared[..100], Messages.Text("d1")], Texts(await AllAsync(Host.Conversation(d))));
        Assert.Equal(
            [289L, 290L, 291L, 292L, 293L],
            (await Host.Conversation(c).GetMessagesAsync(new MessageQuery { Limit = 5 })).Messages.Select(message => message.Sequence)
        );
    }

    [Fact]
    public async Task Forking_again_is_answered_and_a_taken_id_is_refused()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 3);
        string id = NewId();
        await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 2 });
        Assert.Equal(2, (await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 2 })).LastSequence);
        await Assert.ThrowsAsync<ConversationExistsException>(() => origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 1 }));
        IConversationGrain other = NewConversation();
        await FillAsync(other, 3);
        Assert.Equal(
            id,
            (await Assert.ThrowsAsync<ConversationExistsException>(() => other.ForkAsync(new ForkRequest { NewId = id }))).Key.Id
        );
        foreach (long wrong in (long[])[-1, 4])
        {
            Assert.Equal(
                "atSequence",
                (
                    await Assert.ThrowsAsync<InvalidRequestException>(() =>
                        origin.ForkAsync(new ForkRequest { NewId = NewId(), AtSequence = wrong })
                    )
                ).Parameter
            );
        }

        Assert.Equal(
            "id",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => origin.ForkAsync(new ForkRequest { NewId = "a/b" }))).Parameter
        );
        Assert.Equal(0, (await origin.ForkAsync(new ForkRequest { NewId = NewId(), AtSequence = 0 })).MessageCount);
    }

    [Fact]
    public async Task A_fork_that_somebody_asked_for_before_it_existed_is_seen()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 3);
        string id = NewId();
        Assert.Null(await Host.Conversation(id).GetHeadAsync());
        await origin.ForkAsync(new ForkRequest { NewId = id });
        Assert.Equal(3, (await AllAsync(Host.Conversation(id))).Count);
    }

    [Fact]
    public async Task Forks_keep_what_their_origin_truncates()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 300);
        string id = NewId();
        await origin.ForkAsync(new ForkRequest { NewId = id });
        await origin.ClearAsync("clear");
        await Host.Conversation(id).RefreshAsync();
        Assert.Equal(300, (await AllAsync(Host.Conversation(id))).Count);
        Assert.Empty(await AllAsync(origin));
    }

    [Fact]
    public async Task A_deletion_that_cuts_forks_leaves_nothing_readable_also_not_through_them()
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 5);
        await origin.CommitAsync(
            new Turn
            {
                TurnId = "e",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
            }
        );
        string id = NewId();
        await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 4 });
        IConversationGrain fork = Host.Conversation(id);
        await fork.CommitAsync(Messages.Turn("f", Messages.User("own")));
        Assert.Equal(5, (await AllAsync(fork)).Count);

        DeleteReceipt receipt = await origin.DeleteAsync(new DeleteRequest { CutForks = true });
        Assert.Equal(
            new DeleteReceipt
            {
                Existed = true,
                Messages = 5,
                Entries = 2,
                Turns = 2,
                ForksCut = 1,
            },
            receipt
        );
        Assert.Null(await origin.GetHeadAsync());
        Assert.Equal([(5L, Messages.Text("own"))], (await AllAsync(fork)).Select(message => (message.Sequence, message.Contents)));
        Assert.Null((await fork.GetHeadAsync())!.Origin);
        Assert.Empty((await fork.GetSnapshotAsync())!.Entries);
        Assert.Equal(6, (await fork.CommitAsync(Messages.Turn("g", Messages.User("goes on")))).FirstSequence);
        Assert.False((await origin.DeleteAsync()).Existed);
    }

    [Fact]
    public async Task A_deleted_conversation_that_is_used_again_starts_anew()
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("t", Messages.User("x"));
        await conversation.CommitAsync(turn);
        await conversation.DeleteAsync();
        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            await conversation.CommitAsync(turn with { TurnId = "another" })
        );
    }

    [Fact]
    public async Task Deleting_while_others_write_ends_in_one_of_two_clean_states()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 20);
        Task<TurnReceipt>[] writers =
        [
            .. Enumerable.Range(0, 60).Select(i => conversation.CommitAsync(Messages.Turn($"w{i}", Messages.User($"{i}")))),
        ];
        await conversation.DeleteAsync();
        TurnReceipt[] receipts = await Task.WhenAll(writers);

        Head? head = await conversation.GetHeadAsync();
        List<Message> left = head is null ? [] : await AllAsync(conversation);
        Assert.Equal(Enumerable.Range(1, left.Count).Select(i => (long)i), left.Select(message => message.Sequence));
        Assert.Equal(head?.Version ?? 0, left.Count);
        Assert.All(
            receipts.Where(receipt => receipt.Version <= left.Count && receipt.FirstSequence == receipt.Version),
            receipt => Assert.Contains(left, message => message.Sequence == receipt.FirstSequence)
        );
    }

    [Fact]
    public async Task What_is_imported_is_what_was_exported()
    {
        IConversationGrain source = NewConversation();
        await FillAsync(source, 250);
        await source.TruncateAsync("cut", 200);
        await source.CommitAsync(
            new Turn
            {
                TurnId = "e",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                        TimeToLive = TimeSpan.FromHours(1),
                    },
                ],
                Settings = SettingsChange.Replace(
                    new ConversationSettings
                    {
                        UserId = "u",
                        TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(1) },
                    }
                ),
            }
        );
        ConversationSnapshot snapshot = (await source.GetSnapshotAsync())!;
        List<Message> messages = await AllAsync(source);

        IConversationGrain target = NewConversation();
        string import = await target.BeginImportAsync(
            new ImportStart
            {
                Settings = snapshot.Head.Settings,
                Entries = snapshot.Entries,
                FirstSequence = snapshot.Head.FirstSequence,
                LastSequence = snapshot.Head.LastSequence,
            }
        );
        await target.AppendImportAsync(import, [.. messages.Take(120)]);
        await target.AppendImportAsync(import, [.. messages.Take(120)]);
        Assert.Null(await target.GetHeadAsync());
        await Assert.ThrowsAsync<InvalidRequestException>(() => target.AppendImportAsync(import, [messages[150]]));
        await Assert.ThrowsAsync<InvalidRequestException>(() => target.CompleteImportAsync(import));
        await target.AppendImportAsync(import, [.. messages.Skip(120)]);
        Head head = await target.CompleteImportAsync(import);
        Assert.Equal(head, await target.CompleteImportAsync(import));

        Assert.Equal((1L, 51L, 250L), (head.Version, head.FirstSequence, head.LastSequence));
        Assert.Equal(snapshot.Head.Settings, head.Settings);
        Assert.Equal(Clock.GetUtcNow().AddDays(1), head.ExpiresAt);
        await target.RefreshAsync();
        Assert.Equal(messages, await AllAsync(target));
        Assert.Equal(snapshot.Entries.AsEnumerable(), (await target.GetSnapshotAsync())!.Entries);
        Assert.Equal(251, (await target.CommitAsync(Messages.Turn("on", Messages.User("x")))).FirstSequence);
    }

    [Fact]
    public async Task An_import_into_an_existing_conversation_or_under_a_foreign_id_is_refused()
    {
        var start = new ImportStart
        {
            Settings = ConversationSettings.Empty,
            FirstSequence = 1,
            LastSequence = 0,
        };
        IConversationGrain conversation = NewConversation();
        string import = await conversation.BeginImportAsync(start);
        await Assert.ThrowsAsync<ImportNotFoundException>(() => NewConversation().CompleteImportAsync(import));
        await Assert.ThrowsAsync<ImportNotFoundException>(() => conversation.CompleteImportAsync("import-9999999"));
        await Assert.ThrowsAsync<ImportNotFoundException>(() => conversation.CompleteImportAsync("nonsense"));
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("first")));
        await Assert.ThrowsAsync<ConversationExistsException>(() => conversation.CompleteImportAsync(import));
        await Assert.ThrowsAsync<ConversationExistsException>(() => conversation.BeginImportAsync(start));
        Assert.Single(await AllAsync(conversation));
    }
}
