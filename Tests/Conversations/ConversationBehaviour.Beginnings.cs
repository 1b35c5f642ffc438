using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

// How a conversation begins, what it is then, and who may begin none.
public abstract partial class ConversationBehaviour
{
    private static readonly ConversationSettings Owned = new()
    {
        UserId = "ada",
        AgentId = "guide",
        Title = "Rome",
        Metadata = """{"team":"blue"}""",
        TimeToLive = new TimeToLive { Duration = TimeSpan.FromHours(1) },
    };

    public static TheoryData<string, string> NamesOfNoAddress() =>
        new()
        {
            { ".", "userId" },
            { "..", "userId" },
            { "", "userId" },
            { ".", "agentId" },
            { "..", "agentId" },
        };

    [Fact]
    public async Task Initial_settings_hold_where_the_turn_begins_the_conversation_and_nowhere_else()
    {
        IConversationGrain conversation = NewConversation();
        Turn begins = Messages.Turn("1", Messages.User("x")) with { InitialSettings = Owned };
        TurnReceipt began = await conversation.CommitAsync(begins);
        Head head = (await conversation.GetHeadAsync())!;
        Assert.True(began.Began);
        Assert.Equal((Owned, Clock.GetUtcNow().AddHours(1)), (head.Settings, head.ExpiresAt));

        TurnReceipt goesOn = await conversation.CommitAsync(
            Messages.Turn("2", Messages.User("y")) with
            {
                InitialSettings = Owned with { UserId = "eve" },
            }
        );
        Assert.False(goesOn.Began);
        Assert.Equal(head.Settings, (await conversation.GetHeadAsync())!.Settings);
        Assert.True((await conversation.CommitAsync(begins)).Replayed);
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            conversation.CommitAsync(begins with { InitialSettings = Owned with { UserId = "eve" } })
        );
    }

    [Fact]
    public async Task Settings_are_applied_to_the_initial_ones_and_the_default_time_to_live_to_what_names_none()
    {
        IConversationGrain conversation = NewConversation("short-lived");
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "1",
                InitialSettings = new ConversationSettings { UserId = "ada", Title = "old" },
                Settings = new SettingsChange
                {
                    Values = new ConversationSettings { Title = "new" },
                    Fields = SettingsFields.Title,
                },
            }
        );

        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal(("ada", "new"), (head.Settings.UserId, head.Settings.Title));
        Assert.Equal(Clock.GetUtcNow().AddMinutes(5), head.ExpiresAt);
    }

    [Fact]
    public async Task A_new_life_after_expiry_says_that_it_began_and_has_what_its_turn_says()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("x")) with { InitialSettings = Owned });
        Clock.Advance(TimeSpan.FromHours(1));

        TurnReceipt bare = await conversation.CommitAsync(Messages.Turn("2", Messages.User("y")));
        Assert.True(bare.Began);
        Assert.Equal(ConversationSettings.Empty, (await conversation.GetHeadAsync())!.Settings);

        await conversation.CommitAsync(new Turn { TurnId = "limit", Settings = Living(TimeSpan.FromMinutes(1)) });
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await conversation.CommitAsync(Messages.Turn("3", Messages.User("z")) with { InitialSettings = Owned })).Began);
        Assert.Equal(Owned, (await conversation.GetHeadAsync())!.Settings);
    }

    [Fact]
    public async Task A_turn_that_only_goes_on_begins_nothing()
    {
        IConversationGrain conversation = NewConversation();
        Turn goesOn = Messages.Turn("late", Messages.User("x")) with { MustExist = true };
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(goesOn));
        Assert.Null(await conversation.GetHeadAsync());

        await conversation.CommitAsync(Messages.Turn("1", Messages.User("x")) with { InitialSettings = Owned });
        Assert.Equal(2, (await conversation.CommitAsync(goesOn)).Version);
        Assert.True((await conversation.CommitAsync(goesOn with { MustExist = false })).Replayed);

        Clock.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(goesOn with { TurnId = "expired" }));
        Assert.Null(await conversation.GetHeadAsync());

        await conversation.CommitAsync(Messages.Turn("again", Messages.User("x")));
        await conversation.DeleteAsync();
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(goesOn with { TurnId = "deleted" }));
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task Where_a_tenant_requires_a_user_no_conversation_is_without()
    {
        IConversationGrain conversation = NewConversation("owned");
        Turn turn = Messages.Turn("1", Messages.User("x"));
        Assert.Equal("userId", (await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.CommitAsync(turn))).Parameter);
        Assert.Equal(
            "userId",
            (
                await Assert.ThrowsAsync<InvalidRequestException>(() =>
                    conversation.BeginImportAsync(
                        new ImportStart
                        {
                            Settings = ConversationSettings.Empty,
                            FirstSequence = 1,
                            LastSequence = 0,
                        }
                    )
                )
            ).Parameter
        );
        Assert.Null(await conversation.GetHeadAsync());

        await conversation.CommitAsync(turn with { InitialSettings = Owned });
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("y")));
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "3",
                Settings = new SettingsChange { Values = ConversationSettings.Empty, Fields = SettingsFields.Title },
            }
        );
        Turn disowns = new()
        {
            TurnId = "4",
            Settings = new SettingsChange { Values = ConversationSettings.Empty, Fields = SettingsFields.UserId },
        };
        Assert.Equal("userId", (await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.CommitAsync(disowns))).Parameter);
        Assert.Equal("ada", (await conversation.GetHeadAsync())!.Settings.UserId);
    }

    [Theory]
    [MemberData(nameof(NamesOfNoAddress))]
    public async Task A_name_that_no_address_can_hold_is_refused_in_turns_and_imports(string name, string parameter)
    {
        ConversationSettings settings = parameter == "userId" ? new() { UserId = name } : new() { AgentId = name };
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("1", Messages.User("x"));
        Func<Task>[] attempts =
        [
            () => conversation.CommitAsync(turn with { InitialSettings = settings }),
            () => conversation.CommitAsync(turn with { Settings = SettingsChange.Replace(settings) }),
            () =>
                conversation.BeginImportAsync(
                    new ImportStart
                    {
                        Settings = settings,
                        FirstSequence = 1,
                        LastSequence = 0,
                    }
                ),
        ];

        foreach (Func<Task> attempt in attempts)
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(attempt)).Parameter);
        }

        Assert.Throws<InvalidRequestException>(() => UserKey.Create("tests", name));
    }

    [Theory]
    [InlineData(".", "k", "space")]
    [InlineData("..", "k", "space")]
    [InlineData(EntrySpaces.SessionPrefix + ".", "k", "space")]
    [InlineData(EntrySpaces.SessionPrefix + "..", "k", "space")]
    [InlineData("s", ".", "key")]
    [InlineData("s", "..", "key")]
    public async Task An_entry_that_no_address_can_hold_is_refused_in_turns_and_imports(string space, string key, string part)
    {
        IConversationGrain conversation = NewConversation();
        var write = new EntryWrite
        {
            Space = space,
            Key = key,
            Value = "1",
        };
        var start = new ImportStart
        {
            Settings = ConversationSettings.Empty,
            Entries =
            [
                new Entry
                {
                    Space = space,
                    Key = key,
                    Value = "1",
                },
            ],
            FirstSequence = 1,
            LastSequence = 0,
        };

        Assert.Equal(
            "entries[0]." + part,
            (
                await Assert.ThrowsAsync<InvalidRequestException>(() =>
                    conversation.CommitAsync(new Turn { TurnId = "1", EntryWrites = [write] })
                )
            ).Parameter
        );
        Assert.Equal(
            "entries[0]." + part,
            (await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.BeginImportAsync(start))).Parameter
        );
    }
}
