using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

// Conversations are listed by recency, and a walk through the pages is as of its first one.
public abstract partial class ConversationBehaviour
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    private IConversationDirectoryGrain Directory => Host.Grains.GetGrain<IConversationDirectoryGrain>(_tenant);

    [Fact]
    public async Task First_page_has_what_was_committed_before_it_newest_first()
    {
        for (int i = 0; i < 5; i++)
        {
            await SayAsync($"c{i}");
            Assert.Equal($"c{i}", (await ListAsync()).Conversations[0].Key.Id);
        }

        await SayAsync("c2");

        ConversationListPage page = await ListAsync();
        Assert.Equal(["c2", "c4", "c3", "c1", "c0"], Ids(page));
        Assert.Equal(await Host.Conversation("c2", _tenant).GetHeadAsync(), page.Conversations[0]);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Walk_shows_every_conversation_once_while_all_of_them_get_turns()
    {
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => $"walk-{i}")];
        foreach (string id in ids)
        {
            await SayAsync(id);
            Clock.Advance(TimeSpan.FromHours(7));
        }

        var walked = new List<string>();
        var query = new ConversationListQuery { Limit = 5 };
        ConversationListPage page = await Directory.ListAsync(query);
        while (true)
        {
            walked.AddRange(Ids(page));
            if (page.Next is null)
            {
                break;
            }

            foreach (string id in ids)
            {
                Clock.Advance(TimeSpan.FromSeconds(40));
                await SayAsync(id);
            }

            await SayAsync($"new-{walked.Count}");
            page = await Directory.ListAsync(query with { Cursor = page.Next });
        }

        Assert.Equal(ids.Reverse(), walked);
    }

    [Fact]
    public async Task Client_walks_through_all_pages_with_filters()
    {
        for (int i = 0; i < 7; i++)
        {
            await SayAsync(
                $"c{i}",
                new ConversationSettings { UserId = i % 2 == 0 ? "ada" : "bob", Metadata = $$"""{"n":{{i % 3}},"open":true}""" }
            );
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        ConversationClient client = Clients.Of(Host);
        var query = new ConversationListQuery
        {
            UserId = "ada",
            Limit = 1,
            Metadata = [Match("open", "true")],
        };

        Assert.Equal(["c6", "c4", "c2", "c0"], await IdsAsync(client.ListAllAsync(query, _tenant)));
        Assert.Equal(
            ["c6", "c0"],
            await IdsAsync(client.ListAllAsync(query with { Metadata = [Match("open", "true"), Match("n", "0")] }, _tenant))
        );
        Assert.Empty(await IdsAsync(client.ListAllAsync(query, _tenant + "x")));
        Assert.Equal(7, (await client.ListAsync(new ConversationListQuery(), _tenant)).Conversations.Length);
    }

    [Fact]
    public async Task Expired_conversation_is_not_listed_from_that_instant_on()
    {
        await SayAsync("stays");
        await SayAsync("goes", new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(5) } });
        Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(["goes", "stays"], Ids(await ListAsync()));

        Clock.Advance(TimeSpan.FromMicroseconds(1));

        Assert.Equal(["stays"], Ids(await ListAsync()));
    }

    [Fact]
    public async Task Clock_that_goes_back_takes_no_conversation_back()
    {
        await SayAsync("turned");
        Head before = (await Host.Conversation("turned", _tenant).GetHeadAsync())!;
        Clock.Advance(TimeSpan.FromHours(-1));
        await SayAsync("turned");

        Head after = (await Host.Conversation("turned", _tenant).GetHeadAsync())!;

        Assert.Equal((2, before.UpdatedAt), (after.Version, after.UpdatedAt));
        Assert.Equal(after, (await ListAsync()).Conversations[0]);
    }

    [Fact]
    public async Task Cursor_of_another_filter_tenant_or_time_is_refused_and_says_why()
    {
        await SayAsync("one");
        await SayAsync("two");
        var query = new ConversationListQuery { Limit = 1 };
        string cursor = (await Directory.ListAsync(query)).Next!;

        await AssertRefusedAsync(Directory, query with { Cursor = cursor, UserId = "ada" }, "cursor", "other conditions");
        await AssertRefusedAsync(Directory, query with { Cursor = cursor, Metadata = [Match("a", "b")] }, "cursor", "other conditions");
        await AssertRefusedAsync(
            Host.Grains.GetGrain<IConversationDirectoryGrain>(_tenant + "x"),
            query with
            {
                Cursor = cursor,
            },
            "cursor",
            "other conditions"
        );
        Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(["one"], Ids(await Directory.ListAsync(query with { Cursor = cursor, Limit = 7 })));
        Clock.Advance(TimeSpan.FromMicroseconds(1));
        await AssertRefusedAsync(Directory, query with { Cursor = cursor }, "cursor", "12:00:00");
    }

    [Fact]
    public async Task Bad_query_is_refused_and_says_what_would_be_right()
    {
        var query = new ConversationListQuery();
        await AssertRefusedAsync(Directory, query with { Limit = 0 }, "limit", "1 to 200");
        await AssertRefusedAsync(Directory, query with { Limit = 201 }, "limit", "1 to 200");
        await AssertRefusedAsync(Directory, query with { UserId = new string('u', 257) }, "userId", "256");
        await AssertRefusedAsync(Directory, query with { AgentId = "a\0" }, "agentId", "U+0000");
        await AssertRefusedAsync(Directory, query with { Cursor = "" }, "cursor", "no cursor");
        await AssertRefusedAsync(Directory, query with { Cursor = "%%%" }, "cursor", "no cursor");
        await AssertRefusedAsync(Directory, query with { Metadata = [Match("", "x")] }, "metadata", "name");
        await AssertRefusedAsync(Directory, query with { Metadata = [Match("k", new string('x', 511))] }, "metadata", "511");
        await AssertRefusedAsync(
            Directory,
            query with
            {
                Metadata = [.. Enumerable.Range(0, 17).Select(i => Match($"{i}", "x"))],
            },
            "metadata",
            "16"
        );
        await AssertRefusedAsync(Host.Grains.GetGrain<IConversationDirectoryGrain>("no tenant"), query, "tenant", "1 to 64");
        Assert.Empty((await Directory.ListAsync(query with { Metadata = [Match("k", new string('x', 510))] })).Conversations);
    }

    private static MetadataMatch Match(string name, string value) => new() { Name = name, Value = value };

    private static async Task AssertRefusedAsync(
        IConversationDirectoryGrain directory,
        ConversationListQuery query,
        string parameter,
        string text
    )
    {
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => directory.ListAsync(query));
        Assert.Equal(parameter, refusal.Parameter);
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
    }

    private Task<TurnReceipt> SayAsync(string id, ConversationSettings? settings = null)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Turn turn = Messages.Turn(Guid.NewGuid().ToString("N"), Messages.User(id));
        return Host.Conversation(id, _tenant)
            .CommitAsync(settings is null ? turn : turn with { Settings = SettingsChange.Replace(settings) });
    }

    private Task<ConversationListPage> ListAsync() => Directory.ListAsync(new ConversationListQuery());

    private static string[] Ids(ConversationListPage page) => [.. page.Conversations.Select(head => head.Key.Id)];

    private static async Task<List<string>> IdsAsync(IAsyncEnumerable<Head> heads)
    {
        var ids = new List<string>();
        await foreach (Head head in heads)
        {
            ids.Add(head.Key.Id);
        }

        return ids;
    }
}
