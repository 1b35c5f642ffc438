using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

// What a call sees and changes that is bound to a user.
public abstract partial class ConversationBehaviour
{
    private const string Ada = "ada";
    private const string Bob = "bob";

    [Theory]
    [InlineData(Bob)]
    [InlineData(null)]
    public async Task Anothers_conversation_and_nobodys_are_to_a_bound_call_what_is_not_there(string? owner)
    {
        IConversationGrain conversation = NewConversation();
        Turn first = OwnedTurn("1", owner);
        await conversation.CommitAsync(first);
        Head before = (await conversation.GetHeadAsync())!;

        using (BoundUser.Bind(Ada))
        {
            Assert.Null(await conversation.GetHeadAsync());
            Assert.Null(await conversation.GetSnapshotAsync());
            Assert.Null(await conversation.GetTurnAsync("1"));
            Assert.False((await conversation.DeleteAsync()).Existed);
            Assert.False((await conversation.DeleteAsync(new DeleteRequest { ExpectedVersion = 77 })).Existed);
            Func<Task>[] calls =
            [
                () => conversation.GetMessagesAsync(new MessageQuery()),
                () => conversation.FindMessageAsync("m"),
                () => AllAsync(conversation),
                () => conversation.GetEntryAsync(Space, "k"),
                () => conversation.GetEntriesAsync(null),
                () => conversation.SearchAsync(new MessageSearchQuery { Text = "good" }),
                () => conversation.ForkAsync(new ForkRequest { NewId = NewId() }),
                () => FirstEventAsync(conversation),
                // The same answer whatever else there would be to say: a version, a turn of this id, a payload, a condition, a limit.
                () => conversation.CommitAsync(first),
                () => conversation.CommitAsync(Messages.Turn("1", Good, Good)),
                () => conversation.CommitAsync(Messages.Turn("2", Good) with { ExpectedVersion = 0 }),
                () => conversation.CommitAsync(Messages.Turn("2", Good) with { MustExist = true }),
                () => conversation.CommitAsync(Messages.Turn("2", Good) with { KeepLast = 0 }),
                () => conversation.CommitAsync(Messages.Turn("2", Good) with { Conditions = [TurnCondition.EntryAbsent(Space, "k")] }),
                () => conversation.CommitAsync(OwnedTurn("2", Ada)),
                () => conversation.CommitAsync(new Turn { TurnId = "2", DeleteSequences = [1] }),
            ];
            foreach (Func<Task> call in calls)
            {
                Assert.Equal(Message(conversation), (await Assert.ThrowsAsync<ConversationNotFoundException>(call)).Message);
            }

            await Assert.ThrowsAsync<ConversationExistsException>(() =>
                conversation.BeginImportAsync(
                    new ImportStart
                    {
                        Settings = ConversationSettings.Empty,
                        FirstSequence = 1,
                        LastSequence = 0,
                    }
                )
            );
        }

        Assert.Equal(before, await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task What_a_bound_call_begins_is_its_users_and_stays_so()
    {
        IConversationGrain conversation = NewConversation();
        using (BoundUser.Bind(Ada))
        {
            await Assert.ThrowsAsync<UserNotAllowedException>(() => conversation.CommitAsync(OwnedTurn("no", Bob)));
            await Assert.ThrowsAsync<UserNotAllowedException>(() =>
                conversation.CommitAsync(Settings("no", new ConversationSettings { UserId = Bob }))
            );
            Assert.Null(await conversation.GetHeadAsync());

            Turn turn = Messages.Turn("1", Good);
            await conversation.CommitAsync(turn);
            Assert.True((await conversation.CommitAsync(turn)).Replayed);
            await conversation.CommitAsync(Settings("2", new ConversationSettings { Title = "mine" }));
            await Assert.ThrowsAsync<UserNotAllowedException>(() =>
                conversation.CommitAsync(Settings("no", new ConversationSettings { UserId = Bob }))
            );
            Assert.Equal((Ada, "mine"), Of((await conversation.GetHeadAsync())!));
            Assert.Single((await conversation.GetMessagesAsync(new MessageQuery())).Messages);
            Head fork = await conversation.ForkAsync(new ForkRequest { NewId = NewId() });
            Assert.Equal(Ada, fork.Settings.UserId);
            Assert.True((await conversation.DeleteAsync()).Existed);
        }

        Assert.Null(await conversation.GetHeadAsync());

        static (string? User, string? Title) Of(Head head) => (head.Settings.UserId, head.Settings.Title);
    }

    [Fact]
    public async Task An_import_of_a_bound_call_is_its_users()
    {
        IConversationGrain conversation = NewConversation();
        var start = new ImportStart
        {
            Settings = new ConversationSettings { Title = "t" },
            FirstSequence = 1,
            LastSequence = 0,
        };
        using IDisposable binding = BoundUser.Bind(Ada);
        await Assert.ThrowsAsync<UserNotAllowedException>(() =>
            conversation.BeginImportAsync(start with { Settings = new ConversationSettings { UserId = Bob } })
        );

        Head head = await conversation.CompleteImportAsync(await conversation.BeginImportAsync(start));

        Assert.Equal((Ada, "t"), (head.Settings.UserId, head.Settings.Title));
    }

    [Fact]
    public async Task A_fork_that_has_been_given_away_is_not_shown_again()
    {
        IConversationGrain conversation = NewConversation();
        string id = NewId();
        using (BoundUser.Bind(Ada))
        {
            await conversation.CommitAsync(Messages.Turn("1", Good));
            await conversation.ForkAsync(new ForkRequest { NewId = id });
            await conversation.ForkAsync(new ForkRequest { NewId = id });
        }

        await Host.Conversation(id).CommitAsync(Settings("2", new ConversationSettings { UserId = Bob }));

        using IDisposable binding = BoundUser.Bind(Ada);
        await Assert.ThrowsAsync<ConversationExistsException>(() => conversation.ForkAsync(new ForkRequest { NewId = id }));
    }

    [Fact]
    public async Task A_feed_of_a_bound_call_ends_when_the_conversation_is_given_to_another()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(OwnedTurn("1", Ada));
        using IDisposable binding = BoundUser.Bind(Ada);
        await using IAsyncEnumerator<ConversationEvent> feed = conversation
            .WatchAsync(new WatchRequest { After = FeedPosition.Start })
            .GetAsyncEnumerator();
        Assert.True(await feed.MoveNextAsync());
        Assert.True(await feed.MoveNextAsync());
        Assert.Equal(ConversationEventKind.Message, feed.Current.Kind);

        await UnboundAsync(() => conversation.CommitAsync(OwnedTurn("2", null) with { Settings = UserOnly(Bob) }));

        Assert.True(await feed.MoveNextAsync());
        Assert.Equal(ConversationEventKind.Ended, feed.Current.Kind);
    }

    [Fact]
    public async Task Whose_it_is_is_decided_with_the_turn()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(OwnedTurn("first", Ada));
        var owners = new Dictionary<long, string?>();
        var bound = new List<long>();
        for (int round = 0; round < 30; round++)
        {
            // Sent in this order, all on their way at once, each upon what the ones before it will have made.
            Task<TurnReceipt>[] gives = new Task<TurnReceipt>[4];
            Task<TurnReceipt?>[] turns = new Task<TurnReceipt?>[4];
            for (int i = 0; i < gives.Length; i++)
            {
                turns[i] = AppendBoundAsync(conversation, $"a{round}-{i}");
                gives[i] = conversation.CommitAsync(new Turn { TurnId = $"g{round}-{i}", Settings = UserOnly(i % 2 == 0 ? Bob : Ada) });
            }

            for (int i = 0; i < gives.Length; i++)
            {
                owners[(await gives[i]).Version] = i % 2 == 0 ? Bob : Ada;
                if (await turns[i] is { } receipt)
                {
                    bound.Add(receipt.Version);
                }
            }
        }

        Assert.NotEmpty(bound);
        Assert.All(
            bound,
            version =>
                Assert.Equal(
                    Ada,
                    owners
                        .Where(owner => owner.Key < version)
                        .OrderBy(owner => owner.Key)
                        .LastOrDefault(KeyValuePair.Create<long, string?>(0, Ada))
                        .Value
                )
        );
        Assert.Equal(1 + bound.Count, (await AllAsync(conversation)).Count);
    }

    [Fact]
    public async Task Lists_searches_and_erasure_are_refused_to_a_bound_call_unless_they_name_its_user()
    {
        string tenant = SharedHosts.NewTenant();
        await Host.Conversation("b", tenant).CommitAsync(OwnedTurn("1", Bob));
        IConversationDirectoryGrain lists = Host.Grains.GetGrain<IConversationDirectoryGrain>(tenant);
        IConversationSearchGrain search = Host.Grains.GetGrain<IConversationSearchGrain>(tenant);
        using IDisposable binding = BoundUser.Bind(Ada);

        await Assert.ThrowsAsync<UserNotAllowedException>(() => lists.ListAsync(new ConversationListQuery()));
        await Assert.ThrowsAsync<UserNotAllowedException>(() => lists.ListAsync(new ConversationListQuery { UserId = Bob }));
        await Assert.ThrowsAsync<UserNotAllowedException>(() => search.SearchUserAsync(Bob, new MessageSearchQuery { Text = "good" }));
        await Assert.ThrowsAsync<UserNotAllowedException>(() =>
            Host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(tenant, Bob).ToString()).EraseAsync()
        );

        Assert.Empty((await lists.ListAsync(new ConversationListQuery { UserId = Ada })).Conversations);
        Assert.Empty((await search.SearchUserAsync(Ada, new MessageSearchQuery { Text = "good" })).Hits);
        Assert.Equal(0, (await Host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(tenant, Ada).ToString()).EraseAsync()).Conversations);
    }

    private static string Message(IConversationGrain conversation) =>
        new ConversationNotFoundException(ConversationKey.Parse(conversation.GetPrimaryKeyString())).Message;

    private static Turn OwnedTurn(string id, string? owner) =>
        Messages.Turn(id, Good) with
        {
            InitialSettings = new ConversationSettings { UserId = owner },
            EntryWrites = [Set("k", "1")],
        };

    private static Turn Settings(string id, ConversationSettings settings) =>
        new() { TurnId = id, Settings = SettingsChange.Replace(settings) };

    private static SettingsChange UserOnly(string user) =>
        new()
        {
            Values = new ConversationSettings { UserId = user },
            Fields = SettingsFields.UserId,
        };

    private static async Task FirstEventAsync(IConversationGrain conversation)
    {
        await foreach (ConversationEvent _ in conversation.WatchAsync(new WatchRequest()))
        {
            return;
        }
    }

    private static async Task<TurnReceipt?> AppendBoundAsync(IConversationGrain conversation, string id)
    {
        using IDisposable binding = BoundUser.Bind(Ada);
        try
        {
            return await conversation.CommitAsync(Messages.Turn(id, Good));
        }
        catch (ConversationNotFoundException)
        {
            return null;
        }
    }

    private static Task UnboundAsync(Func<Task> call)
    {
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        return Task.Run(call);
    }
}
