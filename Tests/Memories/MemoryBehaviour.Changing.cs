using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Memories;

// Lists, changes, deletion, erasure and expiry.
public abstract partial class MemoryBehaviour
{
    [Fact]
    public async Task A_list_walks_through_what_was_there_at_its_first_page_exactly_once()
    {
        IMemoryGrain memory = Memory("a", "u");
        await memory.RecordAsync(Request([.. Enumerable.Range(0, 25).Select(i => Fact($"old {i}"))]));
        var query = new MemoryListQuery { User = "u", Limit = 4 };
        var seen = new List<string>();
        do
        {
            MemoryPage page = await Directory.ListAsync(query);
            seen.AddRange(page.Memories.Select(fact => fact.Text));
            await memory.RecordAsync(Request(Fact("new")));
            await Directory.UpdateAsync(page.Memories[0].Id, new MemoryUpdate { Metadata = "{}" });
            query = query with { Cursor = page.Next };
        } while (query.Cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"old {i}").Reverse(), seen);
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.ListAsync(new MemoryListQuery { Cursor = "x" }));
        Assert.Equal("cursor", refused.Parameter);
        string other = (await Directory.ListAsync(new MemoryListQuery { User = "u", Limit = 1 })).Next!;
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Directory.ListAsync(
                new MemoryListQuery
                {
                    Agent = "a",
                    Limit = 1,
                    Cursor = other,
                }
            )
        );
    }

    [Fact]
    public async Task Lists_and_recalls_are_filtered_alike()
    {
        IMemoryGrain memory = Memory(user: "u");
        await memory.RecordAsync(
            Request(
                Fact("tea green") with
                {
                    Metadata = """{"kind":"drink","n":1.0,"a=b":"c"}""",
                },
                Fact("tea black") with
                {
                    Metadata = """{"kind":"drink","n":2}""",
                },
                Turn("tea party")
            )
        );
        Assert.Equal(["tea black", "tea green"], await FindAsync(null, new MetadataMatch { Name = "kind", Value = "drink" }));
        Assert.Equal(["tea green"], await FindAsync(null, new MetadataMatch { Name = "n", Value = "1.0" }));
        Assert.Equal(["tea green"], await FindAsync(null, new MetadataMatch { Name = "a=b", Value = "c" }));
        Assert.Equal(["tea party"], await FindAsync(MemoryKind.Turn));
        Assert.Empty(await FindAsync(null, new MetadataMatch { Name = "kind", Value = "' or '1'='1" }));
        Assert.Empty(await FindAsync(null, new MetadataMatch { Name = "kind\"=\"drink\",\"x", Value = "{}" }));
        await Assert.ThrowsAsync<InvalidRequestException>(() => FindAsync(null, new MetadataMatch { Name = "", Value = "x" }));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            FindAsync(null, [.. Enumerable.Range(0, 17).Select(i => new MetadataMatch { Name = $"{i}", Value = "x" })])
        );

        async Task<string[]> FindAsync(MemoryKind? kind, params MetadataMatch[] metadata)
        {
            RecallResult result = await memory.RecallAsync(
                new RecallRequest
                {
                    Query = "tea",
                    Kind = kind,
                    Metadata = [.. metadata],
                }
            );
            string[] recalled = [.. result.Memories.Select(found => found.Memory.Text).Order()];
            MemoryPage page = await Directory.ListAsync(
                new MemoryListQuery
                {
                    User = "u",
                    Kind = kind,
                    Metadata = [.. metadata],
                }
            );
            Assert.Equal(recalled, page.Memories.Select(fact => fact.Text).Order());
            return recalled;
        }
    }

    [Fact]
    public async Task An_update_is_recalled_at_once_and_is_in_the_history()
    {
        IMemoryGrain memory = Memory(user: "u");
        string id = (await memory.RecordAsync(Request(Fact("likes coffee")))).MemoryIds[0];
        Assert.Equal(["likes coffee"], await RecallAsync(memory, "coffee"));

        MemoryFact updated = await Directory.UpdateAsync(
            id,
            new MemoryUpdate
            {
                Text = "likes tea",
                Metadata = """{"k":1}""",
                ExpectedVersion = 1,
            }
        );

        Assert.Equal(("likes tea", """{"k":1}""", 2L), (updated.Text, updated.Metadata, updated.Version));
        Assert.Empty(await RecallAsync(memory, "coffee"));
        Assert.Equal(["likes tea"], await RecallAsync(memory, "tea"));
        var changed = await Assert.ThrowsAsync<MemoryChangedException>(() =>
            Directory.UpdateAsync(id, new MemoryUpdate { Text = "x", ExpectedVersion = 1 })
        );
        Assert.Equal((1, 2), (changed.ExpectedVersion, changed.ActualVersion));
        Assert.Null((await Directory.UpdateAsync(id, new MemoryUpdate { Metadata = " null " })).Metadata);
        ImmutableArray<MemoryEvent> history = await Directory.HistoryAsync(id);
        Assert.Equal(
            [(1L, null, "likes coffee"), (2L, "likes coffee", "likes tea"), (3L, "likes tea", "likes tea")],
            history.Select(change => (change.Version, change.PreviousText, change.Text))
        );
    }

    [Fact]
    public async Task A_deleted_memory_is_gone_from_everything()
    {
        IMemoryGrain memory = Memory(user: "u");
        string id = (await memory.RecordAsync(Request(Fact("secret")))).MemoryIds[0];
        await RecallAsync(memory, "secret");

        Assert.True(await Directory.DeleteAsync(id));

        Assert.False(await Directory.DeleteAsync(id));
        Assert.Empty(await RecallAsync(memory, "secret"));
        Assert.Null(await Directory.GetAsync(id));
        Assert.Empty((await Directory.ListAsync(new MemoryListQuery())).Memories);
        Assert.Empty(await Directory.HistoryAsync(id));
        Assert.Equal(
            id,
            (await Assert.ThrowsAsync<MemoryNotFoundException>(() => Directory.UpdateAsync(id, new MemoryUpdate { Text = "x" }))).Id
        );
        Assert.Null(await Host.Grains.GetGrain<IMemoryDirectoryGrain>("another").GetAsync(id));
    }

    [Fact]
    public async Task Clearing_a_scope_takes_all_that_it_shows_and_nothing_else()
    {
        await Memory("a", "u").RecordAsync(Request([.. Enumerable.Range(0, 2_500).Select(i => Fact($"note {i}"))]));
        await Memory(user: "v").RecordAsync(Request(Fact("note of v")));
        Assert.Equal(10, (await RecallAsync(Memory("a"), "note")).Length);

        Assert.Equal(2_500, await Memory(user: "u").ClearAsync());

        Assert.Empty(await RecallAsync(Memory("a"), "note"));
        Assert.Equal(["note of v"], await RecallAsync(Memory(user: "v"), "note"));
        Assert.Equal(0, await Memory(user: "u").ClearAsync());
    }

    [Fact]
    public async Task What_has_expired_is_seen_by_nothing_from_that_instant_on()
    {
        IMemoryGrain memory = Memory(user: "u");
        string id = (await memory.RecordAsync(Request(Fact("short note")) with { TimeToLive = TimeSpan.FromMinutes(1) })).MemoryIds[0];
        string longer = (await memory.RecordAsync(Request(Fact("long note")) with { TimeToLive = TimeSpan.FromMinutes(1) })).MemoryIds[0];
        await Directory.UpdateAsync(longer, new MemoryUpdate { TimeToLive = TimeSpan.FromMinutes(2) });
        Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(2, (await RecallAsync(memory, "note")).Length);
        Assert.NotNull(await Directory.GetAsync(id));

        Clock.Advance(TimeSpan.FromMicroseconds(1));

        Assert.Equal(["long note"], await RecallAsync(memory, "note"));
        Assert.Null(await Directory.GetAsync(id));
        Assert.Equal(longer, Assert.Single((await Directory.ListAsync(new MemoryListQuery())).Memories).Id);
        Assert.Empty(await Directory.HistoryAsync(id));
        Assert.False(await Directory.DeleteAsync(id));
        await Assert.ThrowsAsync<MemoryNotFoundException>(() => Directory.UpdateAsync(id, new MemoryUpdate { LivesForever = true }));
        await Directory.UpdateAsync(longer, new MemoryUpdate { LivesForever = true });
        Clock.Advance(TimeSpan.FromDays(1_000));
        Assert.Equal(["long note"], await RecallAsync(memory, "note"));
    }

    [Fact]
    public async Task Erasing_a_user_takes_the_users_memories_and_those_of_erased_conversations_out_of_active_scopes()
    {
        IConversationGrain conversation = Host.Conversation("c", _tenant);
        await conversation.CommitAsync(
            Support.Messages.Turn("t", Support.Messages.User("hi")) with
            {
                Settings = new SettingsChange
                {
                    Values = new ConversationSettings { UserId = "u" },
                    Fields = SettingsFields.UserId,
                },
            }
        );
        await Memory("a", "u").RecordAsync(Request(Fact("bees of u")));
        await Memory(user: "u").RecordAsync(Request(Fact("bees expired")) with { TimeToLive = TimeSpan.FromSeconds(1) });
        await Memory("a").RecordAsync(Request(Fact("bees from the conversation")) with { ConversationId = "c" });
        await Memory("a", "v").RecordAsync(Request(Fact("bees of v")));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3, (await RecallAsync(Memory("a"), "bees")).Length);
        Assert.Single(await RecallAsync(Memory(user: "u"), "bees"));

        ErasureReceipt receipt = await Host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(_tenant, "u").ToString()).EraseAsync();

        Assert.Equal((1L, 3L), (receipt.Conversations, receipt.Memories));
        Assert.Equal(["bees of v"], await RecallAsync(Memory("a"), "bees"));
        Assert.Empty(await RecallAsync(Memory(user: "u"), "bees"));
        Assert.Empty((await Directory.ListAsync(new MemoryListQuery { User = "u" })).Memories);
        Assert.Equal(0, (await Host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(_tenant, "u").ToString()).EraseAsync()).Memories);
    }

    [Fact]
    public async Task Deleting_a_conversation_takes_its_memories_and_its_expiry_does_not()
    {
        foreach (string id in (string[])["deleted", "expired"])
        {
            await Host.Conversation(id, _tenant)
                .CommitAsync(
                    Support.Messages.Turn("t", Support.Messages.User("hi")) with
                    {
                        Settings = new SettingsChange
                        {
                            Values = new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromHours(1) } },
                            Fields = SettingsFields.TimeToLive,
                        },
                    }
                );
            await Memory("a").RecordAsync(Request(Fact($"said in {id}")) with { ConversationId = id });
        }

        Assert.Equal(2, (await RecallAsync(Memory("a"), "said")).Length);
        await Host.Conversation("deleted", _tenant).DeleteAsync();
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await Host.Conversation("expired", _tenant).GetHeadAsync());
        Assert.Equal(["said in expired"], await RecallAsync(Memory("a"), "said"));
        await Host.Conversation("expired", _tenant).DeleteAsync();
        Assert.Empty(await RecallAsync(Memory("a"), "said"));
    }
}
