using OrleansMemory.Errors;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

// Recording, and recalling what was recorded.
public abstract partial class MemoryBehaviour
{
    [Fact]
    public async Task With_a_fingerprint_a_key_stands_for_the_fingerprint_and_not_for_the_memories()
    {
        IMemoryGrain memory = Memory(user: "alice");
        RecordRequest request = Request(Fact("tea")) with { Key = "k", Fingerprint = "f" };
        RecordReceipt first = await memory.RecordAsync(request);
        RecordReceipt again = await memory.RecordAsync(request with { Memories = [Fact("coffee"), Fact("cake")], ConversationId = "c" });
        Assert.Equal(first.MemoryIds, again.MemoryIds);
        Assert.True(again.Replayed);
        foreach (RecordRequest other in (RecordRequest[])[request with { Fingerprint = "g" }, request with { Fingerprint = null }])
        {
            await Assert.ThrowsAsync<RecordConflictException>(() => memory.RecordAsync(other));
        }

        Assert.Equal(
            "fingerprint",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecordAsync(request with { Fingerprint = "" }))).Parameter
        );
    }

    [Fact]
    public async Task A_recall_leaves_out_a_conversation_and_refuses_a_share_out_of_range()
    {
        IMemoryGrain memory = Memory(user: "alice");
        foreach (string? conversation in (string?[])[null, "one", "two"])
        {
            await memory.RecordAsync(Request(Fact($"tea of {conversation ?? "nobody"}")) with { ConversationId = conversation });
        }

        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = "tea", ExceptConversation = "one" });
        Assert.Equal(
            ["tea of nobody", "tea of two"],
            result.Memories.Select(recalled => recalled.Memory.Text).Order(StringComparer.Ordinal)
        );
        foreach (double share in (double[])[-0.1, 1.1, double.NaN])
        {
            var bad = new RecallRequest { Query = "tea", MinScore = share };
            Assert.Equal("minScore", (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecallAsync(bad))).Parameter);
        }
    }

    [Fact]
    public async Task A_fact_recorded_again_comes_once_and_is_the_newest_of_its_user()
    {
        string[] ids = new string[3];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (await Memory("agent", "alice", $"s{i}").RecordAsync(Request(Fact("Likes green tea.")))).MemoryIds[0];
        }

        await Memory("agent", "bob").RecordAsync(Request(Fact("Likes green tea.")));
        RecallResult ofUser = await Memory(user: "alice").RecallAsync(new RecallRequest { Query = "green tea" });
        Assert.Equal((ids[2], 3), (Assert.Single(ofUser.Memories).Memory.Id, ofUser.Memories[0].Count));
        RecallResult ofAgent = await Memory(agent: "agent").RecallAsync(new RecallRequest { Query = "green tea" });
        Assert.Equal([1, 3], ofAgent.Memories.Select(recalled => recalled.Count).Order());
    }

    [Fact]
    public async Task A_fact_that_a_newer_one_contradicts_is_marked()
    {
        DateTimeOffset then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        IMemoryGrain alice = Memory("agent", "alice");
        RecordReceipt receipt = await alice.RecordAsync(
            Request(
                Fact("Lives in Rome.") with
                {
                    OccurredAt = then.AddDays(1),
                },
                Fact("Lives in Oslo.") with
                {
                    OccurredAt = then,
                },
                Fact("Likes Oslo in winter.")
            )
        );
        await Memory("agent", "bob").RecordAsync(Request(Fact("Lives in Bergen.") with { OccurredAt = then.AddDays(2) }));
        RecallResult result = await Memory(agent: "agent").RecallAsync(new RecallRequest { Query = "Who lives in Oslo, Rome or Bergen?" });
        Assert.Equal(4, result.Memories.Length);
        RecalledMemory marked = Assert.Single(result.Memories, recalled => recalled.ContradictedBy is not null);
        Assert.Equal(("Lives in Oslo.", receipt.MemoryIds[0]), (marked.Memory.Text, marked.ContradictedBy));
    }

    [Fact]
    public async Task A_filter_on_metadata_is_met_by_all_that_is_found()
    {
        IMemoryGrain memory = Memory(user: "alice");
        await memory.RecordAsync(
            Request(
                Fact("hotel one") with
                {
                    Metadata = """{"stars":4.0,"tags":["sea","quiet"],"booked":"2026-05-01"}""",
                },
                Fact("hotel two") with
                {
                    Metadata = """{"stars":5,"tags":["city"],"booked":"2026-07-01T10:00:00Z"}""",
                },
                Fact("hotel three") with
                {
                    Metadata = """{"stars":"4"}""",
                },
                Fact("hotel four")
            )
        );
        Assert.Equal(["hotel one"], await FoundAsync(MetadataFilter.Where("stars", MetadataComparison.HasAny, 4)));
        Assert.Equal(["hotel one", "hotel two"], await FoundAsync(MetadataFilter.Where("stars", MetadataComparison.AtLeast, 4)));
        Assert.Equal(["hotel two"], await FoundAsync(MetadataFilter.Where("booked", MetadataComparison.Above, new DateOnly(2026, 6, 1))));
        Assert.Equal(
            ["hotel four", "hotel one", "hotel three"],
            await FoundAsync(MetadataFilter.Where("tags", MetadataComparison.HasNone, "city"))
        );
        Assert.Equal(
            ["hotel one", "hotel three"],
            await FoundAsync(
                MetadataFilter.Any(
                    MetadataFilter.Where("tags", MetadataComparison.HasAll, "quiet", "sea"),
                    MetadataFilter.Where("stars", MetadataComparison.HasAny, "4")
                )
            )
        );
        var bad = new RecallRequest { Query = "hotel", Filter = new MetadataFilter() };
        Assert.Equal("filter", (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.RecallAsync(bad))).Parameter);

        async Task<string[]> FoundAsync(MetadataFilter filter)
        {
            RecallResult result = await memory.RecallAsync(new RecallRequest { Query = "hotel", Filter = filter });
            return [.. result.Memories.Select(recalled => recalled.Memory.Text).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task Scores_say_how_much_of_the_question_is_there_and_the_floor_leaves_out_what_is_less()
    {
        IMemoryGrain memory = Memory(user: "alice");
        await memory.RecordAsync(Request(Fact("Has an allergy to nuts."), Fact("Takes the tram to a race."), Fact("Her garden is green.")));
        RecallResult all = await memory.RecallAsync(new RecallRequest { Query = "green garden allergy" });
        Assert.All(all.Memories, recalled => Assert.InRange(recalled.Score, 0, 1));
        Assert.Equal(all.Memories.Select(recalled => recalled.Score).OrderDescending(), all.Memories.Select(recalled => recalled.Score));
        RecallRequest unanswered = new() { Query = "Which violin does the green orchestra of Vienna buy?" };
        Assert.InRange(Assert.Single((await memory.RecallAsync(unanswered)).Memories).Score, 0.01, 0.2);
        Assert.Empty((await memory.RecallAsync(unanswered with { MinScore = 0.2 })).Memories);
        Assert.Equal(1, (await memory.RecallAsync(new RecallRequest { Query = "green garden", MinScore = 1 })).Memories[0].Score);
    }

    [Fact]
    public async Task What_was_recorded_is_recalled_at_once_as_it_was_given()
    {
        IMemoryGrain memory = Memory("agent", "user", "session");
        var given = new NewMemory
        {
            Kind = MemoryKind.Turn,
            Text = "I keep bees in Tromsø. 🐝",
            Caption = "a hive",
            Role = "user",
            Speaker = "Ada",
            MessageId = "m-1",
            Metadata = """{"topic":"bees", "n":1.0}""",
            OccurredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        };
        RecordReceipt receipt = await memory.RecordAsync(Request(given) with { ConversationId = "c-1", TimeToLive = TimeSpan.FromDays(2) });

        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = "who keeps bees?" });

        MemoryFact fact = Assert.Single(result.Memories).Memory;
        Assert.Equal(
            new MemoryFact
            {
                Id = Assert.Single(receipt.MemoryIds),
                Kind = MemoryKind.Turn,
                Agent = "agent",
                User = "user",
                Session = "session",
                Text = given.Text,
                Caption = "a hive",
                Role = "user",
                Speaker = "Ada",
                MessageId = "m-1",
                ConversationId = "c-1",
                Metadata = given.Metadata,
                OccurredAt = given.OccurredAt.Value.ToUniversalTime(),
                CreatedAt = receipt.RecordedAt,
                UpdatedAt = receipt.RecordedAt,
                ExpiresAt = receipt.RecordedAt.AddDays(2),
                Version = 1,
            },
            fact
        );
        Assert.Equal(TimeSpan.Zero, fact.OccurredAt.Offset);
        Assert.Equal((1, false), (result.Considered, result.Partial));
        Assert.Equal(fact, await Directory.GetAsync(fact.Id));
    }

    [Fact]
    public async Task Each_of_the_seven_combinations_of_names_shows_what_the_others_record_for_it()
    {
        MemoryScope[] scopes = [.. Enumerable.Range(1, 7).Select(ScopeOf)];
        for (int i = 0; i < scopes.Length; i++)
        {
            // All of them are active before the next one records.
            await Task.WhenAll(scopes.Select(scope => RecallAsync(Memory(scope), "anything")));
            await Memory(scopes[i]).RecordAsync(Request(Fact($"lighthouse {i + 1}")));
            foreach (MemoryScope scope in scopes)
            {
                string[] shown =
                [
                    .. Enumerable.Range(1, i + 1).Where(mask => scope.Shows(ScopeOf(mask))).Select(mask => $"lighthouse {mask}"),
                ];
                Assert.Equal(shown, (await RecallAsync(Memory(scope), "lighthouse")).Order());
            }
        }

        MemoryScope ScopeOf(int mask) => Scope((mask & 1) > 0 ? "a" : null, (mask & 2) > 0 ? "u" : null, (mask & 4) > 0 ? "s" : null);
    }

    [Fact]
    public async Task The_same_key_records_once_and_another_content_under_it_is_refused()
    {
        IMemoryGrain memory = Memory(user: "u");
        RecordRequest request = Request(Fact("tea"), Fact("cake")) with { Key = "k" };
        RecordReceipt first = await memory.RecordAsync(request);
        Clock.Advance(TimeSpan.FromHours(1));

        RecordReceipt second = await memory.RecordAsync(request);

        Assert.Equal(first.MemoryIds, second.MemoryIds.AsEnumerable());
        Assert.Equal((first.RecordedAt, true, false), (second.RecordedAt, second.Replayed, first.Replayed));
        var conflict = await Assert.ThrowsAsync<RecordConflictException>(() =>
            memory.RecordAsync(Request(Fact("coffee")) with { Key = "k" })
        );
        Assert.Equal("k", conflict.Key);
        Assert.Equal(["tea"], await RecallAsync(memory, "tea"));
        Assert.Empty(await RecallAsync(memory, "coffee"));

        // A key belongs to its scope.
        Assert.False((await Memory(user: "u", session: "s").RecordAsync(request)).Replayed);
    }

    [Fact]
    public async Task A_scope_that_nobody_recorded_in_recalls_nothing()
    {
        RecallResult result = await Memory(agent: "nobody").RecallAsync(new RecallRequest { Query = "anything" });
        Assert.Empty(result.Memories);
        Assert.Equal((0, false), (result.Considered, result.Partial));
    }
}
