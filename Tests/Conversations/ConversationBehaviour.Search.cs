using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

// Messages are found by what they say, in one conversation and across those of a user.
public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_search_reads_the_turn_before_it_and_pages_by_cursor()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Messages.Turn("1", Messages.User("Book a flight"), Messages.Assistant("Which flights?"), Messages.User("東京へ"))
        );
        var query = new MessageSearchQuery { Text = "flight", Limit = 1 };

        MessageSearchPage first = await conversation.SearchAsync(query);
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("Another flight")));
        MessageSearchPage second = await conversation.SearchAsync(query with { Cursor = first.Next });

        Assert.Equal(2, Assert.Single(first.Hits).Message.Sequence);
        Assert.Equal(1, Assert.Single(second.Hits).Message.Sequence);
        Assert.Null(second.Next);
        MessageHit newest = Assert.Single((await conversation.SearchAsync(query)).Hits);
        Assert.Equal(("Another flight", 4), (newest.Excerpt.Text, newest.Message.Sequence));
        Assert.Equal([new TextRange { Start = 8, Length = 6 }], newest.Excerpt.Matches.AsEnumerable());
        Assert.Equal(3, Assert.Single((await conversation.SearchAsync(new MessageSearchQuery { Text = "京" })).Hits).Message.Sequence);
    }

    [Fact]
    public async Task A_search_of_an_unknown_or_expired_conversation_is_refused()
    {
        IConversationGrain conversation = NewConversation();
        var query = new MessageSearchQuery { Text = "needle" };
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.SearchAsync(query));
        var ttl = new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(1) } };
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("needle")) with { Settings = SettingsChange.Replace(ttl) });

        Assert.Single((await conversation.SearchAsync(query)).Hits);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.SearchAsync(query));
    }

    [Fact]
    public async Task A_search_of_a_user_finds_all_conversations_of_the_tenant_and_no_other()
    {
        string user = NewId();
        await TellAsync(NewConversation("tests"), user, "the first needle");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await TellAsync(NewConversation("tests"), user, "the second needle");
        await TellAsync(NewConversation("others"), user, "a needle elsewhere");
        ConversationClient client = Clients.Of(Host);
        var query = new MessageSearchQuery { Text = "needle", Limit = 1 };

        MessageSearchPage first = await client.SearchAsync(user, query, "tests");
        MessageSearchPage second = await client.SearchAsync(user, query with { Cursor = first.Next }, "tests");

        Assert.Equal(["the second needle", "the first needle"], first.Hits.Concat(second.Hits).Select(hit => hit.Excerpt.Text));
        Assert.Null(second.Next);
        Assert.Equal("a needle elsewhere", Assert.Single((await client.SearchAsync(user, query, "others")).Hits).Excerpt.Text);
        Assert.Empty((await client.SearchAsync(user, query)).Hits);
    }

    [Fact]
    public async Task A_search_that_is_not_valid_is_refused_with_the_name_of_the_guilty_part()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("needle 1"), Messages.User("needle 2")));
        var query = new MessageSearchQuery { Text = "needle", Limit = 1 };
        string cursor = (await conversation.SearchAsync(query)).Next!;
        (string Parameter, MessageSearchQuery? Query)[] bad =
        [
            ("query", null),
            ("text", query with { Text = null! }),
            ("text", query with { Text = "-needle" }),
            ("text", query with { Text = new string('x', 1_001) }),
            ("limit", query with { Limit = 0 }),
            ("limit", query with { Limit = 101 }),
            ("cursor", query with { Cursor = "" }),
            ("cursor", query with { Cursor = cursor[..^1] }),
            ("cursor", query with { Cursor = "_" + cursor[1..] }),
            ("cursor", query with { Cursor = new string('é', cursor.Length) }),
            ("cursor", query with { Cursor = cursor, Text = "other" }),
        ];
        foreach ((string parameter, MessageSearchQuery? search) in bad)
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.SearchAsync(search!))).Parameter);
        }

        IConversationSearchGrain users = Host.Grains.GetGrain<IConversationSearchGrain>("tests");
        Assert.Equal(
            "cursor",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => users.SearchUserAsync("u", query with { Cursor = cursor }))).Parameter
        );
        Assert.Equal("userId", (await Assert.ThrowsAsync<InvalidRequestException>(() => users.SearchUserAsync("", query))).Parameter);
        Assert.Equal("userId", (await Assert.ThrowsAsync<InvalidRequestException>(() => users.SearchUserAsync("a\0", query))).Parameter);
        IConversationSearchGrain nowhere = Host.Grains.GetGrain<IConversationSearchGrain>("no/tenant");
        await Assert.ThrowsAsync<InvalidRequestException>(() => nowhere.SearchUserAsync("u", query));
    }

    private static Task<TurnReceipt> TellAsync(IConversationGrain conversation, string user, string text) =>
        conversation.CommitAsync(
            Messages.Turn("1", Messages.User(text)) with
            {
                Settings = SettingsChange.Replace(new ConversationSettings { UserId = user }),
            }
        );
}
