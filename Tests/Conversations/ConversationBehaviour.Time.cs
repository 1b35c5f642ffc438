using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(10);

    [Fact]
    public async Task From_the_instant_of_its_expiry_no_read_and_no_deletion_sees_a_conversation()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 3);
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "ttl",
                Settings = Living(TimeSpan.FromMinutes(10)),
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
        Clock.Advance(TimeSpan.FromMinutes(10) - OneTick);
        Assert.NotNull(await conversation.GetSnapshotAsync());
        Assert.NotNull(await conversation.GetEntryAsync("s", "k"));
        Assert.Equal(3, (await AllAsync(conversation)).Count);

        Clock.Advance(OneTick);
        Assert.Null(await conversation.GetHeadAsync());
        Assert.Null(await conversation.GetSnapshotAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetMessagesAsync(MessageQuery.Newest));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetEntryAsync("s", "k"));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetEntriesAsync(null));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => AllAsync(conversation));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.ForkAsync(new ForkRequest { NewId = NewId() }));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.TruncateAsync("cut", 1));
        Assert.False((await conversation.DeleteAsync()).Existed);
    }

    [Fact]
    public async Task Deleting_an_expired_conversation_that_nobody_asked_for_says_that_there_was_none()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("x")) with { Settings = Living(TimeSpan.FromMinutes(10)) });
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.False((await conversation.DeleteAsync()).Existed);
    }

    [Fact]
    public async Task A_new_conversation_gets_the_time_to_live_of_its_tenant_unless_its_turn_names_one()
    {
        (string Tenant, TimeSpan? Expected)[] tenants =
        [
            ("short-lived", TimeSpan.FromMinutes(5)),
            ("ever-lasting", null),
            ("sliding", TimeSpan.FromMinutes(7)),
        ];
        foreach ((string tenant, TimeSpan? expected) in tenants)
        {
            IConversationGrain unnamed = NewConversation(tenant);
            await unnamed.CommitAsync(Messages.Turn("t", Messages.User("x")));
            Assert.Equal(Clock.GetUtcNow() + expected, (await unnamed.GetHeadAsync())!.ExpiresAt);
            Assert.Equal(expected, (await unnamed.GetHeadAsync())!.Settings.TimeToLive?.Duration);

            IConversationGrain titled = NewConversation(tenant);
            await titled.CommitAsync(
                new Turn
                {
                    TurnId = "t",
                    Settings = new SettingsChange
                    {
                        Values = new ConversationSettings { Title = "title" },
                        Fields = SettingsFields.Title,
                    },
                }
            );
            Assert.Equal(
                ("title", Clock.GetUtcNow() + expected),
                ((await titled.GetHeadAsync())!.Settings.Title, (await titled.GetHeadAsync())!.ExpiresAt)
            );

            IConversationGrain named = NewConversation(tenant);
            await named.CommitAsync(new Turn { TurnId = "t", Settings = Living(TimeSpan.FromDays(1)) });
            Assert.Equal(Clock.GetUtcNow().AddDays(1), (await named.GetHeadAsync())!.ExpiresAt);

            IConversationGrain freed = NewConversation(tenant);
            await freed.CommitAsync(new Turn { TurnId = "t", Settings = Living(null) });
            Assert.Null((await freed.GetHeadAsync())!.ExpiresAt);
        }
    }

    [Fact]
    public async Task The_time_to_live_of_a_tenant_is_for_new_conversations_only()
    {
        IConversationGrain conversation = NewConversation("short-lived");
        await conversation.CommitAsync(Messages.Turn("t", Messages.User("x")));
        DateTimeOffset? expiresAt = (await conversation.GetHeadAsync())!.ExpiresAt;
        Clock.Advance(TimeSpan.FromMinutes(1));
        await conversation.CommitAsync(Messages.Turn("u", Messages.User("y")));
        Assert.Equal(expiresAt, (await conversation.GetHeadAsync())!.ExpiresAt);
        await conversation.CommitAsync(new Turn { TurnId = "free", Settings = Living(null) });

        // A fork has the settings of what it was made from, an import those it is given.
        string fork = NewId();
        Assert.Null((await conversation.ForkAsync(new ForkRequest { NewId = fork })).ExpiresAt);
        IConversationGrain target = NewConversation("short-lived");
        string import = await target.BeginImportAsync(
            new ImportStart
            {
                Settings = ConversationSettings.Empty,
                FirstSequence = 1,
                LastSequence = 0,
            }
        );
        Assert.Null((await target.CompleteImportAsync(import)).ExpiresAt);

        // The next life of an expired conversation is a new conversation.
        await conversation.CommitAsync(new Turn { TurnId = "limit", Settings = Living(TimeSpan.FromMinutes(1)) });
        Clock.Advance(TimeSpan.FromMinutes(1));
        await conversation.CommitAsync(Messages.Turn("again", Messages.User("z")));
        Assert.Equal(Clock.GetUtcNow().AddMinutes(5), (await conversation.GetHeadAsync())!.ExpiresAt);
    }

    /// <summary>The options of the hosts of these tests.</summary>
    protected internal static void SetTenants(Grains.Conversations.ConversationOptions options)
    {
        options.Tenants["short-lived"] = new() { TimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(5) } };
        options.Tenants["sliding"] = new()
        {
            TimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(7), Sliding = true },
        };
        options.Tenants["ever-lasting"] = new() { LivesForever = true };
        options.Tenants["owned"] = new() { RequiresUser = true };
    }

    private static SettingsChange Living(TimeSpan? duration) =>
        new()
        {
            Values = new ConversationSettings { TimeToLive = duration is { } given ? new TimeToLive { Duration = given } : null },
            Fields = SettingsFields.TimeToLive,
        };
}
