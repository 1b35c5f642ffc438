using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

// Limits and bad input.
public abstract partial class MemoryBehaviour
{
    [Fact]
    public async Task Ten_thousand_memories_are_recorded_at_once_and_one_more_is_refused()
    {
        IMemoryGrain memory = Memory(user: "u");
        ImmutableArray<NewMemory> memories = [.. Enumerable.Range(0, 10_000).Select(i => Fact($"item number{i}"))];
        RecordReceipt receipt = await memory.RecordAsync(new RecordRequest { Memories = memories });
        Assert.Equal(10_000, receipt.MemoryIds.Distinct().Count());
        Assert.Equal(["item number9999"], await RecallAsync(memory, "number9999", 1));
        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            memory.RecordAsync(new RecordRequest { Memories = memories.Add(Fact("x")) })
        );
        Assert.Equal(("memories", 10_001, 10_000, "memories"), (refused.Parameter, refused.Actual, refused.Limit, refused.Unit));
    }

    [Fact]
    public async Task A_memory_of_a_mebibyte_is_kept_and_one_byte_more_is_refused()
    {
        IMemoryGrain memory = Memory(user: "u");
        string text = "needle " + new string('é', ((1024 * 1024) - 7) / 2) + "x";
        Assert.Equal(1024 * 1024, System.Text.Encoding.UTF8.GetByteCount(text));
        string id = (await memory.RecordAsync(Request(Fact(text)))).MemoryIds[0];
        Assert.Equal(text, (await Directory.GetAsync(id))!.Text);
        Assert.Equal([text], await RecallAsync(memory, "needle"));

        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            memory.RecordAsync(Request(Fact("fine"), Fact(text) with { Caption = "y" }))
        );
        Assert.Equal(("memories[1]", (1024 * 1024) + 1L, "bytes"), (refused.Parameter, refused.Actual, refused.Unit));
        var whole = await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            memory.RecordAsync(Request([.. Enumerable.Repeat(Fact(text), 17)]))
        );
        Assert.Equal(("memories", 17L * 1024 * 1024), (whole.Parameter, whole.Actual));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => Directory.UpdateAsync(id, new MemoryUpdate { Text = text + "y" }));
        Assert.Single((await Directory.ListAsync(new MemoryListQuery())).Memories);

        // An answer ends early for its bytes.
        await memory.RecordAsync(Request([.. Enumerable.Range(10, 12).Select(i => Fact($"needle n{i} {text[10..]}"))]));
        Assert.InRange((await RecallAsync(memory, "needle", 100)).Length, 4, 8);
        MemoryPage page = await Directory.ListAsync(new MemoryListQuery());
        Assert.Equal(8, page.Memories.Length);
        Assert.Equal(5, (await Directory.ListAsync(new MemoryListQuery { Cursor = page.Next })).Memories.Length);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_refused_by_name()
    {
        IMemoryGrain memory = Memory(user: "u");
        (string Parameter, RecordRequest Request)[] bad =
        [
            ("memories", new RecordRequest { Memories = [] }),
            ("memories[0]", new RecordRequest { Memories = [null!] }),
            ("memories[1].text", Request(Fact("x"), Fact(" \n"))),
            ("memories[0].kind", Request(Fact("x") with { Kind = (MemoryKind)7 })),
            ("memories[0].role", Request(Fact("x") with { Role = "User" })),
            ("memories[0].speaker", Request(Fact("x") with { Speaker = new string('s', 257) })),
            ("memories[0].messageId", Request(Fact("x") with { MessageId = new string('m', 257) })),
            ("memories[0].metadata", Request(Fact("x") with { Metadata = "[]" })),
            ("memories[0].metadata", Request(Fact("x") with { Metadata = "{" })),
            ("key", Request(Fact("x")) with { Key = "" }),
            ("id", Request(Fact("x")) with { ConversationId = "a/b" }),
            ("timeToLive", Request(Fact("x")) with { TimeToLive = TimeSpan.Zero }),
        ];
        foreach ((string parameter, RecordRequest request) in bad)
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecordAsync(request))).Parameter);
        }

        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            memory.RecordAsync(Request(Fact("x") with { Metadata = $$"""{"a":"{{new string('m', 16 * 1024)}}"}""" }))
        );
        Assert.Empty((await Directory.ListAsync(new MemoryListQuery())).Memories);
        await memory.RecordAsync(Request(Fact("") with { Caption = "a picture" }));
        Assert.Equal([""], await RecallAsync(memory, "picture"));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_name()
    {
        IMemoryGrain memory = Memory(user: "u");
        await memory.RecordAsync(Request(Fact("needle")));
        (string Parameter, RecallRequest Request)[] bad =
        [
            ("query", new RecallRequest { Query = "" }),
            ("query", new RecallRequest { Query = " \t" }),
            ("query", new RecallRequest { Query = null! }),
            ("limit", new RecallRequest { Query = "x", Limit = 0 }),
            ("limit", new RecallRequest { Query = "x", Limit = 1_001 }),
            ("kind", new RecallRequest { Query = "x", Kind = (MemoryKind)9 }),
            ("without", new RecallRequest { Query = "x", Without = (ScopeNames)8 }),
        ];
        foreach ((string parameter, RecallRequest request) in bad)
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecallAsync(request))).Parameter);
        }

        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            memory.RecallAsync(new RecallRequest { Query = new string('x', (64 * 1024) + 1) })
        );
        string huge = string.Concat(Enumerable.Repeat("needle \0 ' {} \"", 4_000));
        Assert.Equal(["needle"], await RecallAsync(memory, huge));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.GetAsync(""));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.UpdateAsync("x", new MemoryUpdate()));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.UpdateAsync("x", new MemoryUpdate { Text = " " }));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Directory.UpdateAsync("x", new MemoryUpdate { TimeToLive = TimeSpan.FromDays(1), LivesForever = true })
        );
        await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.ListAsync(new MemoryListQuery { User = "" }));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Directory.ListAsync(new MemoryListQuery { Limit = 201 }));
    }

    [Fact]
    public async Task Texts_that_no_store_could_hold_are_kept_without_the_odd_characters()
    {
        IMemoryGrain memory = Memory(user: "u");
        NewMemory odd = Fact("half \ud83d and\0 needle") with
        {
            Kind = MemoryKind.Turn,
            Caption = "\udc00",
            Speaker = "A\0",
            MessageId = "m\ud800",
        };
        RecordRequest request = Request(odd, Fact("whole needle")) with { Key = "k" };
        RecordReceipt receipt = await memory.RecordAsync(request);
        MemoryFact kept = (await Directory.GetAsync(receipt.MemoryIds[0]))!;
        Assert.Equal(
            ("half \ufffd and\ufffd needle", "\ufffd", "A\ufffd", "m\ufffd"),
            (kept.Text, kept.Caption, kept.Speaker, kept.MessageId)
        );
        Assert.True((await memory.RecordAsync(request)).Replayed);
        Assert.Equal(2, (await RecallAsync(memory, "needle \ud83d")).Length);
        Assert.Equal("x\ufffd", (await Directory.UpdateAsync(kept.Id, new MemoryUpdate { Text = "x\ud800" })).Text);
    }

    [Fact]
    public async Task A_role_that_there_is_not_is_told_as_it_was_sent_unless_it_could_be_a_text()
    {
        IMemoryGrain memory = Memory(user: "u");
        Assert.Contains("'robot' was sent", await RefusalAsync("robot"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await RefusalAsync("my secret is 42"), StringComparison.Ordinal);

        async Task<string> RefusalAsync(string role) =>
            (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecordAsync(Request(Fact("x") with { Role = role })))).Message;
    }

    [Fact]
    public async Task An_agents_own_memories_of_no_user_can_be_asked_for()
    {
        foreach (
            (string? agent, string? user, string? session, string text) in ((string?, string?, string?, string)[])
                [
                    ("a", null, null, "own lemon"),
                    ("a", "u", null, "lemon of u"),
                    ("a", null, "s", "lemon of s"),
                    (null, "u", null, "lemon of nobody"),
                ]
        )
        {
            await Memory(agent, user, session).RecordAsync(Request(Fact(text)));
        }

        Assert.Equal(["lemon of s", "own lemon"], await FoundAsync(ScopeNames.User));
        Assert.Equal(["own lemon"], await FoundAsync(ScopeNames.User | ScopeNames.Session));
        Assert.Equal(3, (await FoundAsync(ScopeNames.None)).Length);
        Assert.Empty(await FoundAsync(ScopeNames.Agent));

        async Task<string[]> FoundAsync(ScopeNames without)
        {
            RecallResult result = await Memory(agent: "a").RecallAsync(new RecallRequest { Query = "lemon", Without = without });
            return [.. result.Memories.Select(recalled => recalled.Memory.Text).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData("' or 1=1; drop table memory; --")]
    [InlineData("a/user=b")]
    [InlineData("%2Fuser=b")]
    [InlineData("{lead}")]
    [InlineData("../..")]
    [InlineData("漢字 😀")]
    public async Task A_name_is_only_itself(string name)
    {
        await Memory(agent: name).RecordAsync(Request(Fact("lemon")));
        await Memory(agent: "a", user: "b").RecordAsync(Request(Fact("melon")));
        Assert.Equal(["lemon"], await RecallAsync(Memory(agent: name), "lemon melon"));
        Assert.Equal(["melon"], await RecallAsync(Memory(user: "b"), "lemon melon"));
        Assert.Equal("lemon", Assert.Single((await Directory.ListAsync(new MemoryListQuery { Agent = name })).Memories).Text);
        Assert.Equal(1, await Memory(agent: name).ClearAsync());
        Assert.Single((await Directory.ListAsync(new MemoryListQuery())).Memories);
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("tenant/user=")]
    [InlineData("tenant/user=a/agent=b")]
    [InlineData("tenant/user=a b")]
    [InlineData("tenant/user=%61")]
    [InlineData("no tenant/user=a")]
    public async Task A_key_that_names_no_scope_is_refused(string key) =>
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Host.Grains.GetGrain<IMemoryGrain>(key).RecallAsync(new RecallRequest { Query = "x" })
        );
}
