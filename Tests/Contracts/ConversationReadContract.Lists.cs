using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// A list is by recency, exactly, and a walk through it is as of its first page.
public abstract partial class ConversationReadContract
{
    private static DateTimeOffset Noon { get; } = WrittenConversation.Start.AddHours(12);

    [Fact]
    public async Task List_has_the_heads_newest_first_also_where_turns_are_less_than_a_minute_apart()
    {
        WrittenConversation a = await StartAsync("a", Noon);
        WrittenConversation b = await StartAsync("b", Noon.AddSeconds(10));
        await StartAsync("c", Noon.AddSeconds(20));
        await StartAsync("old", Noon.AddDays(-3));
        await TouchAsync(a, Noon.AddSeconds(50));
        await TouchAsync(b, Noon.AddSeconds(55));
        await TouchAsync(a, Noon.AddMinutes(1));

        ConversationListing listing = await Store.ListAsync(Scan(10), None);

        Assert.Equal(["a", "b", "c", "old"], Ids(listing));
        foreach (ListedConversation listed in listing.Conversations)
        {
            StoredConversation stored = await LoadAsync(listed.Head.Key);
            Assert.Equal(stored.Head, listed.Head);
            Assert.Equal(stored.StoreId, listed.StoreId);
            Assert.Equal(stored.Head!.UpdatedAt, listed.Placed);
        }
    }

    [Fact]
    public async Task Conversations_of_one_instant_are_listed_by_store_id_and_pages_part_them()
    {
        for (int i = 0; i < 7; i++)
        {
            await StartAsync($"same-{i}", Noon);
        }

        List<ListedConversation> walked = await WalkAsync(Scan(2), _ => Task.CompletedTask);

        Assert.Equal(7, walked.Count);
        Assert.Equal(walked.OrderByDescending(listed => listed.StoreId), walked);
    }

    [Fact]
    public async Task Walk_shows_conversations_that_get_turns_where_they_stood_at_its_first_page()
    {
        List<WrittenConversation> idle = [];
        for (int i = 0; i < 6; i++)
        {
            idle.Add(await StartAsync($"idle-{i}", Noon.AddDays(-i)));
        }

        // Turn ids of these days have been forgotten, and with them every other trace of them.
        await SweepAllAsync();
        DateTimeOffset now = Noon.AddHours(1);
        List<ListedConversation> walked = await WalkAsync(
            Scan(1, now),
            async page =>
            {
                await TouchAsync(idle[page], now = now.AddMinutes(2));
                await TouchAsync(idle[5 - page], now = now.AddSeconds(2));
            }
        );

        Assert.Equal(["idle-0", "idle-1", "idle-2", "idle-3", "idle-4", "idle-5"], walked.Select(listed => listed.Head.Key.Id));
        Assert.Equal(idle.Select((_, i) => Noon.AddDays(-i)), walked.Select(listed => listed.Placed));
    }

    [Fact]
    public async Task Turn_that_was_on_its_way_at_the_first_page_moves_nothing_in_the_walk()
    {
        await StartAsync("first", Noon.AddMinutes(-1));
        WrittenConversation late = await StartAsync("late", Noon.AddDays(-1));
        await StartAsync("last", Noon.AddDays(-2));

        // Decided before the page was read, durable after it.
        List<ListedConversation> walked = await WalkAsync(
            Scan(1, Noon),
            page => page == 0 ? TouchAsync(late, Noon.AddSeconds(-1)) : Task.CompletedTask
        );

        Assert.Equal(["first", "late", "last"], walked.Select(listed => listed.Head.Key.Id));
    }

    [Fact]
    public async Task Turn_of_a_clock_that_is_ahead_is_on_the_first_page_and_moves_nothing_on_later_ones()
    {
        WrittenConversation low = await StartAsync("low", Noon.AddHours(-1));
        WrittenConversation ahead = await StartAsync("ahead", Noon.AddMinutes(2));

        List<ListedConversation> walked = await WalkAsync(
            Scan(1, Noon),
            async _ =>
            {
                await TouchAsync(low, Noon.AddSeconds(1));
                await TouchAsync(ahead, Noon.AddMinutes(3));
            }
        );

        Assert.Equal(["ahead", "low"], walked.Select(listed => listed.Head.Key.Id));
    }

    [Fact]
    public async Task Walk_leaves_out_what_was_deleted_or_has_expired_and_what_began_later()
    {
        await StartAsync("top", Noon);
        WrittenConversation deleted = await StartAsync("deleted", Noon.AddHours(-1));
        WrittenConversation expiring = await StartAsync("expiring", Noon.AddHours(-2));
        await WriteAsync(expiring, expiring.Turn("expires") with { At = Noon.AddHours(-2), ExpiresAt = Noon.AddMinutes(5) });
        await StartAsync("bottom", Noon.AddHours(-3));
        ConversationListing first = await Store.ListAsync(Scan(1, Noon.AddMinutes(4)), None);
        Assert.Equal(
            ["top", "deleted", "expiring", "bottom"],
            Ids(await Store.ListAsync(Scan(9, Noon.AddMinutes(5).AddMicroseconds(-1)), None))
        );

        await Store.DeleteAsync(deleted.Key, deleted.Now, None);
        await StartAsync("later", Noon.AddMinutes(4));
        await StartAsync("decided-earlier", Noon.AddMinutes(-1));
        ListScan rest = Behind(Scan(9, Noon.AddMinutes(4)), first) with { Now = Noon.AddMinutes(5) };

        Assert.Equal(["bottom"], Ids(await Store.ListAsync(rest, None)));
    }

    [Fact]
    public async Task New_life_of_a_key_is_listed_and_the_replaced_one_is_not()
    {
        WrittenConversation old = await StartAsync("again", Noon);
        await WriteAsync(old, old.Turn("expires") with { At = Noon, ExpiresAt = Noon.AddMinutes(1) });
        WrittenConversation young = await NewLifeAsync(old, at: Noon.AddMinutes(2));

        ConversationListing listing = await Store.ListAsync(Scan(9), None);

        Assert.Equal(young.StoreId, Assert.Single(listing.Conversations).StoreId);
    }

    [Fact]
    public async Task List_is_filtered_by_user_agent_and_metadata_together_and_never_crosses_tenants()
    {
        await StartAsync(
            "ada",
            Noon,
            new ConversationSettings
            {
                UserId = "ada",
                AgentId = "travel",
                Metadata = """{"team":"blue","n":1.0}""",
            }
        );
        await StartAsync(
            "ada2",
            Noon.AddHours(-1),
            new ConversationSettings
            {
                UserId = "ada",
                AgentId = "shop",
                Metadata = """{"team":"red","n":"1.0"}""",
            }
        );
        await StartAsync(
            "bob",
            Noon.AddHours(-2),
            new ConversationSettings
            {
                UserId = "bob",
                AgentId = "travel",
                Metadata = """{"team":"blue","a=b":null}""",
            }
        );
        await StartAsync("plain", Noon.AddHours(-3));
        WrittenConversation foreign = await WrittenConversation.LoadAsync(Store, ConversationKey.Create(Tenant + "x", "ada"));
        await WriteAsync(
            foreign,
            foreign.Turn("t") with
            {
                At = Noon,
                Settings = new ConversationSettings { UserId = "ada", Metadata = """{"team":"blue"}""" },
            }
        );
        ListScan all = Scan(9);

        Assert.Equal(["ada", "ada2", "bob", "plain"], await ListIdsAsync(all));
        Assert.Equal(["ada", "ada2"], await ListIdsAsync(all with { UserId = "ada" }));
        Assert.Equal(["ada", "bob"], await ListIdsAsync(all with { AgentId = "travel" }));
        Assert.Equal(["ada"], await ListIdsAsync(all with { UserId = "ada", AgentId = "travel" }));
        Assert.Equal(["ada", "bob"], await ListIdsAsync(all with { Labels = ["team=blue"] }));
        Assert.Equal(["ada", "ada2"], await ListIdsAsync(all with { Labels = ["n=1.0"] }));
        Assert.Equal(["ada"], await ListIdsAsync(all with { Labels = ["n=1.0", "team=blue"] }));
        Assert.Equal(["bob"], await ListIdsAsync(all with { Labels = [MetadataLabels.Of("a=b", "null")!], AgentId = "travel" }));
        Assert.Empty(await ListIdsAsync(all with { Labels = ["team=blu"] }));
        Assert.Empty(await ListIdsAsync(all with { UserId = "Ada" }));
    }

    [Fact]
    public async Task Filters_follow_the_settings()
    {
        WrittenConversation moved = await StartAsync("moved", Noon, new ConversationSettings { UserId = "ada", Metadata = """{"k":1}""" });
        await WriteAsync(
            moved,
            moved.Turn("settings") with
            {
                At = Noon.AddSeconds(1),
                Settings = new ConversationSettings { UserId = "bob", Metadata = """{"k":2}""" },
            }
        );
        await TouchAsync(moved, Noon.AddMinutes(3));

        Assert.Empty(await ListIdsAsync(Scan(9) with { UserId = "ada" }));
        Assert.Empty(await ListIdsAsync(Scan(9) with { Labels = ["k=1"] }));
        Assert.Equal(["moved"], await ListIdsAsync(Scan(9) with { UserId = "bob", Labels = ["k=2"] }));
        await WriteAsync(moved, moved.Turn("none") with { At = Noon.AddMinutes(4), Settings = ConversationSettings.Empty });
        Assert.Empty(await ListIdsAsync(Scan(9) with { Labels = ["k=2"] }));
    }

    [Fact]
    public async Task Forks_and_imports_are_listed_with_the_settings_they_came_with_and_a_cut_moves_no_fork()
    {
        var settings = new ConversationSettings { UserId = "ada", Metadata = """{"k":1}""" };
        WrittenConversation source = await StartAsync("source", Noon, settings);
        await Store.ForkAsync(source.Fork(Key("fork"), source.LastSequence) with { At = Noon.AddMinutes(5) }, None);
        long import = await BeginImportAsync("import", first: 1, last: 0, settings);
        Assert.Equal(["fork", "source"], await ListIdsAsync(Scan(9)));
        await Store.CompleteImportAsync(Key("import"), import, Noon.AddMinutes(3), None);
        ListScan labelled = Scan(9) with { UserId = "ada", Labels = ["k=1"] };
        Assert.Equal(["fork", "import", "source"], await ListIdsAsync(labelled));
        ConversationListing first = await Store.ListAsync(labelled with { Limit = 1 }, None);

        await Store.CutAsync(source.Key, source.Now, None);
        WrittenConversation imported = await OpenAsync("import");
        await TouchAsync(imported, Noon.AddDays(2));

        Assert.Equal(["import", "fork"], await ListIdsAsync(labelled));
        Assert.Equal(["import"], Ids(await Store.ListAsync(Behind(labelled, first), None)));
    }

    [Fact]
    public async Task Conversation_whose_turns_go_back_in_time_keeps_its_place()
    {
        WrittenConversation back = await StartAsync("back", Noon);
        await StartAsync("between", Noon.AddMinutes(-1));
        await TouchAsync(back, Noon.AddHours(-1));

        ConversationListing listing = await Store.ListAsync(Scan(9), None);

        Assert.Equal(["back", "between"], Ids(listing));
        Assert.Equal(Noon, listing.Conversations[0].Head.UpdatedAt);
    }

    [Fact]
    public async Task Forks_of_a_conversation_are_listed_without_forks_of_forks_and_only_while_it_is_there()
    {
        WrittenConversation root = await StartAsync("root", Noon);
        WrittenConversation other = await StartAsync("other", Noon);
        foreach ((string id, WrittenConversation parent) in ((string, WrittenConversation)[])[("a", root), ("b", root), ("c", other)])
        {
            Assert.Equal(
                ForkStatus.Created,
                (
                    await Store.ForkAsync(parent.Fork(ConversationKey.Create(Tenant, id), 1) with { At = Noon.AddSeconds(id[0]) }, None)
                ).Status
            );
        }

        WrittenConversation a = await OpenAsync("a");
        Assert.Equal(
            ForkStatus.Created,
            (await Store.ForkAsync(a.Fork(ConversationKey.Create(Tenant, "aa"), 1) with { At = Noon.AddMinutes(5) }, None)).Status
        );

        Assert.Equal(["b", "a"], await ListIdsAsync(Scan(10) with { ForkOf = "root" }));
        Assert.Equal(["b"], await ListIdsAsync(Scan(1) with { ForkOf = "root" }));
        Assert.Equal(["aa"], await ListIdsAsync(Scan(10) with { ForkOf = "a" }));
        Assert.Empty(await ListIdsAsync(Scan(10) with { ForkOf = "aa" }));
        Assert.Empty(await ListIdsAsync(Scan(10) with { ForkOf = "nothing" }));
        Assert.Empty(await ListIdsAsync(Scan(10) with { ForkOf = "root", UserId = "nobody" }));

        await Store.DeleteAsync(root.Key, Noon.AddMinutes(6), None);
        Assert.Empty(await ListIdsAsync(Scan(10) with { ForkOf = "root" }));
    }

    [Fact]
    public async Task Generated_walks_show_every_conversation_of_their_first_page_once_and_where_it_stood()
    {
        foreach (int seed in Generated.Seeds(8))
        {
            await new ListWalk(Store, seed).RunAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1:x:")]
    [InlineData("1:2:3,")]
    [InlineData("-1")]
    public async Task Mark_of_another_kind_is_refused(string mark)
    {
        await StartAsync("one", Noon);
        ListScan scan = Scan(1) with { After = new ListPosition(mark, Noon, Noon, 1) };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => Store.ListAsync(scan, None));

        Assert.Equal("cursor", refusal.Parameter);
    }

    private async Task<WrittenConversation> StartAsync(string id, DateTimeOffset at, ConversationSettings? settings = null)
    {
        WrittenConversation conversation = await OpenAsync(id);
        await WriteAsync(conversation, conversation.Turn($"{id}-first", "text") with { At = at, Settings = settings });
        return conversation;
    }

    private ListScan Scan(int limit, DateTimeOffset? now = null) =>
        new()
        {
            Tenant = Tenant,
            Limit = limit,
            Now = now ?? Noon.AddDays(1),
        };

    /// <summary>Walks to the end, and does something after every page.</summary>
    private async Task<List<ListedConversation>> WalkAsync(ListScan scan, Func<int, Task> afterPage)
    {
        var walked = new List<ListedConversation>();
        for (int page = 0; ; page++)
        {
            ConversationListing listing = await Store.ListAsync(scan, None);
            walked.AddRange(listing.Conversations);
            if (listing.Conversations.IsEmpty)
            {
                return walked;
            }

            scan = Behind(scan, listing);
            await afterPage(page);
        }
    }

    private async Task<string[]> ListIdsAsync(ListScan scan) => Ids(await Store.ListAsync(scan, None));
}
