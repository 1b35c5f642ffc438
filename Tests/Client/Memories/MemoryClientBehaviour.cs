using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Memories;

/// <summary>What the client's long-term memory does, whatever store it stands on.</summary>
public abstract partial class MemoryClientBehaviour(ClockedHost fixture)
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    private ManualUtcClock Clock { get; } = fixture.NextDay();

    private ConversationClient Client { get; } = Clients.Of(fixture.Host);

    [Fact]
    public async Task What_is_recorded_is_retrieved_by_everyone_with_the_same_names()
    {
        await Memory(agent: "a", user: "alice").RecordAsync([User("My name is Alice"), Assistant("Nice to meet you, Alice!")]);

        Assert.Contains(
            "user: My name is Alice",
            await Memory(agent: "a", user: "alice").RetrieveAsync("What's the user's name?"),
            StringComparison.Ordinal
        );
        Assert.Contains("user: My name is Alice", await Memory(user: "alice").RetrieveAsync("name"), StringComparison.Ordinal);
        Assert.Equal("", await Memory(agent: "b").RetrieveAsync("name"));
        Assert.Equal("", await Memory(agent: "a", user: "alice", session: "s").RetrieveAsync("name"));
        Assert.Equal(
            "",
            await new PersistentMemory(Client, "a", "alice", options: new PersistentMemoryOptions { Tenant = _tenant + "2" }).RetrieveAsync(
                "name"
            )
        );
    }

    [Fact]
    public async Task What_is_saved_is_recalled_by_each_keyword()
    {
        PersistentMemory memory = Memory(agent: "a");
        MemorySaveResult saved = await memory.SaveToMemoryAsync(
            "User shared personal information",
            ["User's favorite color is blue", "User works as a teacher"]
        );
        Assert.Equal((true, 2), (saved.Success, saved.MemoryIds.Distinct().Count()));

        MemoryRecallResult recalled = await memory.RecallFromMemoryAsync(["favorite color", "teacher", "unheard of"], limit: 1);
        Assert.Equal(["User's favorite color is blue", "User works as a teacher"], recalled.Memories);
        Assert.Equal(2, recalled.Count);
        Assert.Equal(2, (await memory.RecallFromMemoryAsync(["user"])).Count);
    }

    [Fact]
    public async Task Bad_items_and_keywords_are_told_to_the_model()
    {
        PersistentMemory memory = Memory(agent: "a");
        MemorySaveResult saved = await memory.SaveToMemoryAsync("why", ["good", " "]);
        Assert.False(saved.Success);
        Assert.StartsWith("Error saving to memory: ", saved.Message, StringComparison.Ordinal);
        Assert.Empty((await memory.Memories.ListAsync()).Memories);

        MemoryRecallResult recalled = await memory.RecallFromMemoryAsync([" "]);
        Assert.False(recalled.Success);
        Assert.StartsWith("Error retrieving memories: ", recalled.Message, StringComparison.Ordinal);
        Assert.False((await memory.RecallFromMemoryAsync(["good"], limit: 0)).Success);
    }

    [Fact]
    public async Task Recording_again_under_one_key_stores_nothing_twice()
    {
        PersistentMemory memory = Memory(user: "alice");
        RecordReceipt first = (await memory.RecordAsync([User("Remember this")], key: "k"))!;
        RecordReceipt again = (await memory.RecordAsync([User("Remember this")], key: "k"))!;
        Assert.Equal(first.MemoryIds.AsEnumerable(), again.MemoryIds);
        Assert.Equal((false, true), (first.Replayed, again.Replayed));
        await Assert.ThrowsAsync<RecordConflictException>(() => memory.RecordAsync([User("Remember that")], key: "k"));
        Assert.Single((await memory.Memories.ListAsync()).Memories);
    }

    [Fact]
    public async Task A_memory_keeps_what_the_message_said_of_itself()
    {
        DateTimeOffset at = new(2023, 5, 8, 13, 56, 0, TimeSpan.FromHours(2));
        PersistentMemory memory = Memory(agent: "a", user: "u", session: "s");
        RecordReceipt receipt = (
            await memory.RecordAsync(
                [
                    new ChatMessage(ChatRole.User, "Käse 東京 \ud83d\ude00 '; DROP TABLE memory; --")
                    {
                        MessageId = "D1:1",
                        AuthorName = "Caroline",
                        CreatedAt = at,
                        AdditionalProperties = new() { ["caption"] = "a dog" },
                    },
                ],
                new Dictionary<string, object?> { ["topic"] = "food" }
            )
        )!;

        MemoryFact fact = (await memory.Memories.GetAsync(receipt.MemoryIds[0]))!;
        Assert.Equal(("a", "u", "s"), (fact.Agent, fact.User, fact.Session));
        Assert.Equal(
            ("Käse 東京 \ud83d\ude00 '; DROP TABLE memory; --", "a dog", "user", "Caroline", "D1:1"),
            (fact.Text, fact.Caption, fact.Role, fact.Speaker, fact.MessageId)
        );
        Assert.Equal((at.ToUniversalTime(), MemoryKind.Turn, 1), (fact.OccurredAt, fact.Kind, fact.Version));
        Assert.Equal(
            receipt.MemoryIds[0],
            Assert
                .Single(
                    (
                        await memory.Memories.RecallAsync(
                            new RecallRequest { Query = "dog", Metadata = [new MetadataMatch { Name = "topic", Value = "food" }] }
                        )
                    ).Memories
                )
                .Memory.Id
        );
        Assert.Empty(
            (
                await memory.Memories.RecallAsync(
                    new RecallRequest { Query = "dog", Metadata = [new MetadataMatch { Name = "topic", Value = "' OR 1=1" }] }
                )
            ).Memories
        );
    }

    [Fact]
    public async Task A_picture_without_words_is_remembered_by_its_caption()
    {
        PersistentMemory memory = Memory(user: "u");
        await memory.RecordAsync([
            new ChatMessage(
                ChatRole.User,
                [new UriContent("https://example.org/1.png", "image/png") { AdditionalProperties = new() { ["caption"] = "a lighthouse" } }]
            ),
        ]);
        Assert.Equal("user: [image: a lighthouse]", await memory.RetrieveAsync("lighthouse"));
    }

    [Fact]
    public async Task Winners_memories_are_found_by_their_turn()
    {
        await Memory(agent: "b", session: "s")
            .RecordAsync([User("Paris is the capital")], new Dictionary<string, object?> { ["turn"] = 1 });
        await Memory(agent: "b", session: "s").RecordAsync([User("Paris is a film")], new Dictionary<string, object?> { ["turn"] = 2 });
        Assert.Equal(
            "[From b Turn 1] user: Paris is the capital",
            await Memory(agent: "a", session: "s").RetrieveAsync("Paris", previousWinners: [new PreviousWinner("b", 1)])
        );
    }

    [Fact]
    public async Task A_memory_is_changed_with_its_history_and_deleted_without_a_trace()
    {
        ScopedMemories memories = Memory(user: "alice").Memories;
        string id = (await memories.RecordAsync(new RecordRequest { Memories = [Fact("Alice likes tea")] })).MemoryIds[0];

        MemoryFact changed = await memories.UpdateAsync(id, new MemoryUpdate { Text = "Alice likes coffee", ExpectedVersion = 1 });
        Assert.Equal(("Alice likes coffee", 2), (changed.Text, changed.Version));
        await Assert.ThrowsAsync<MemoryChangedException>(() =>
            memories.UpdateAsync(id, new MemoryUpdate { Text = "x", ExpectedVersion = 1 })
        );
        Assert.Equal(
            [(null, "Alice likes tea"), ("Alice likes tea", "Alice likes coffee")],
            (await memories.GetHistoryAsync(id)).Select(line => (line.PreviousText, line.Text))
        );
        Assert.Empty((await memories.RecallAsync("tea")).Memories);
        Assert.Equal(id, Assert.Single((await memories.RecallAsync("coffee")).Memories).Memory.Id);

        Assert.True(await memories.DeleteAsync(id));
        Assert.False(await memories.DeleteAsync(id));
        Assert.Null(await memories.GetAsync(id));
        Assert.Empty(await Client.TenantMemories(_tenant).GetHistoryAsync(id));
        Assert.Empty((await memories.RecallAsync("coffee")).Memories);
    }

    [Fact]
    public async Task A_scope_reaches_no_memory_of_another_one_by_its_id()
    {
        ScopedMemories alice = Memory(agent: "a", user: "alice").Memories,
            bob = Memory(agent: "a", user: "bob").Memories;
        string id = (await alice.RecordAsync(new RecordRequest { Memories = [Fact("Alice likes tea")] })).MemoryIds[0];

        Assert.Null(await bob.GetAsync(id));
        Assert.False(await bob.DeleteAsync(id));
        Assert.Empty(await bob.GetHistoryAsync(id));
        await Assert.ThrowsAsync<MemoryNotFoundException>(() => bob.UpdateAsync(id, new MemoryUpdate { Text = "Alice likes nothing" }));
        Assert.Equal(
            "user",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => bob.ListAsync(new MemoryListQuery { User = "alice" }))).Parameter
        );
        Assert.Equal("Alice likes tea", (await Client.TenantMemories(_tenant).GetAsync(id))!.Text);
        Assert.Null(await Client.TenantMemories(_tenant + "2").GetAsync(id));
        Assert.Equal(
            "Alice likes tea",
            Assert.Single((await Memory(agent: "a").Memories.ListAsync(new MemoryListQuery { User = "alice" })).Memories).Text
        );
    }

    [Fact]
    public async Task A_scope_is_listed_page_by_page_and_cleared_alone()
    {
        ScopedMemories alice = Memory(agent: "a", user: "alice").Memories,
            bob = Memory(agent: "a", user: "bob").Memories;
        await alice.RecordAsync(
            new RecordRequest { Memories = [.. Enumerable.Range(1, 5).Select(i => Fact(FormattableString.Invariant($"fact {i}")))] }
        );
        await bob.RecordAsync(new RecordRequest { Memories = [Fact("of bob")] });

        List<string> listed = [];
        await foreach (MemoryFact fact in alice.ListAllAsync(new MemoryListQuery { Limit = 2 }))
        {
            listed.Add(fact.Text);
        }

        Assert.Equal(["fact 5", "fact 4", "fact 3", "fact 2", "fact 1"], listed);
        Assert.Equal(5, await alice.ClearAsync());
        Assert.Empty((await alice.ListAsync()).Memories);
        Assert.Empty((await alice.RecallAsync("fact")).Memories);
        Assert.Equal("of bob", Assert.Single((await Memory(agent: "a").Memories.ListAsync()).Memories).Text);
    }

    [Fact]
    public async Task Ten_thousand_messages_are_one_recording_and_one_more_is_refused_whole()
    {
        PersistentMemory memory = Memory(session: "s");
        ChatMessage[] messages = [.. Enumerable.Range(1, 10_000).Select(i => User(FormattableString.Invariant($"fact number {i}")))];
        Assert.Equal(10_000, (await memory.RecordAsync(messages))!.MemoryIds.Length);
        Assert.Equal("user: fact number 7321", await memory.RetrieveAsync("7321", limit: 1));

        PersistentMemory other = Memory(session: "other");
        PayloadTooLargeException refusal = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            other.RecordAsync([.. messages, User("one more")])
        );
        Assert.Equal((10_001, 10_000), (refusal.Actual, refusal.Limit));
        Assert.Empty((await other.Memories.ListAsync()).Memories);
    }

    [Fact]
    public async Task A_memory_of_a_megabyte_is_kept_and_a_larger_one_refused()
    {
        PersistentMemory memory = Memory(session: "s");
        string text = "needle " + new string('x', (1024 * 1024) - 7);
        await memory.RecordAsync([User(text)]);
        Assert.Equal($"user: {text}", await memory.RetrieveAsync("needle"));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => memory.RecordAsync([User(text + "x")]));
    }

    [Fact]
    public async Task An_empty_or_huge_question_is_refused_and_an_unknown_scope_knows_nothing()
    {
        ScopedMemories memories = Memory(session: "nobody's").Memories;
        await Assert.ThrowsAsync<InvalidRequestException>(() => memories.RecallAsync(" "));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => memories.RecallAsync(new string('x', (64 * 1024) + 1)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => memories.RecallAsync("x", limit: 1_001));
        Assert.Empty((await memories.RecallAsync("anything")).Memories);
        Assert.Equal(0, await memories.ClearAsync());
    }

    [Fact]
    public async Task Memories_expire_when_they_were_told_to()
    {
        var memory = new PersistentMemory(
            Client,
            userName: "u",
            options: new PersistentMemoryOptions { Tenant = _tenant, TimeToLive = TimeSpan.FromMinutes(1) }
        );
        await memory.RecordAsync([User("for a short time")]);
        Assert.Equal("user: for a short time", await memory.RetrieveAsync("short"));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", await memory.RetrieveAsync("short"));
        Assert.Empty((await memory.Memories.ListAsync()).Memories);
    }

    [Fact]
    public async Task Memories_of_a_conversation_go_with_it()
    {
        Conversation conversation = Client.Get(_tenant, "c");
        await conversation.AppendAsync(User("hello"));
        PersistentMemory memory = Memory(user: "u");
        await memory.RecordAsync([User("said in the conversation")], conversationId: "c");
        await memory.RecordAsync([User("said elsewhere")]);
        await conversation.DeleteAsync();
        Assert.Equal("user: said elsewhere", await memory.RetrieveAsync("said"));
    }

    private PersistentMemory Memory(string? agent = null, string? user = null, string? session = null) =>
        new(Client, agent, user, session, new PersistentMemoryOptions { Tenant = _tenant });

    private static NewMemory Fact(string text) => new() { Kind = MemoryKind.Fact, Text = text };

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);
}

public sealed class InMemoryMemoryClientTests(InMemoryClockedHost fixture)
    : MemoryClientBehaviour(fixture),
        IClassFixture<InMemoryClockedHost>;

public sealed class PostgresMemoryClientTests(PostgresClockedHost fixture)
    : MemoryClientBehaviour(fixture),
        IClassFixture<PostgresClockedHost>;
