using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>Memories that are larger than a turn may be take a conversation over as smaller ones do.</summary>
public sealed class LargeMemoryTests(SharedHosts hosts, SmallTurnsHost small) : IClassFixture<SmallTurnsHost>
{
    // Of a memory with 14 turns and at most 4 messages in a turn of the conversation.
    private const int Entries = 14;
    private const int TurnsOfReplacement = 5;

    // More messages than a turn may have; and, where there is time for it, more bytes as well.
    public static TheoryData<int, int> Sizes =>
        Generated.Count(1) == 1 ? new() { { 20_000, 1 } } : new() { { 20_000, 1 }, { 30_000, 1_200 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_serialized_takes_a_conversation_over_however_large_it_is(int entries, int textLength)
    {
        Conversation conversation = Clients.OfNewTenant(await hosts.InMemoryAsync()).Get("large");
        string document = await Make("new", entries, textLength).SerializeAsync(SerializationMode.Json);
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "old"));

        TurnReceipt receipt = await MemoryObject.Deserialize(document, SerializationMode.Json).ReplaceAsync(conversation);

        Assert.Equal((2L, entries + 1L), (receipt.FirstSequence, receipt.LastSequence));
        MemoryObject stored = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(receipt.Version, stored.ConversationVersion);
        Assert.True(document == await stored.SerializeAsync(SerializationMode.Json), "The stored memory is another one.");
        Head head = (await conversation.GetHeadAsync())!;
        Assert.Equal((2L, entries + 1L), (head.FirstSequence, head.LastSequence));
        stored.LogChatTurn("and on");
        await stored.CommitAsync();
    }

    [Fact]
    public async Task Texts_of_more_bytes_than_a_turn_may_have_are_divided_by_their_bytes()
    {
        Conversation conversation = Clients.Of(small.Host).Get("tests", "bytes");
        string document = await Make("\u00e9", Entries, 3_800).SerializeAsync();

        TurnReceipt receipt = await MemoryObject.Deserialize(document).ReplaceAsync(conversation);

        // Three of them and not four fit a turn.
        Assert.Equal(6, receipt.Version);
        await AssertHoldsAsync(conversation, document, Entries);
    }

    [Fact]
    public async Task Cut_off_anywhere_there_is_the_old_memory_or_the_new_one_and_sent_again_it_goes_on()
    {
        for (int cutAt = 1; cutAt <= TurnsOfReplacement; cutAt++)
        {
            foreach (bool isCommitted in (bool[])[false, true])
            {
                string id = $"cut-{cutAt}-{isCommitted}";
                (Conversation conversation, string old) = await StartAsync(id);
                string document = await Make("new", Entries).SerializeAsync();
                (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation(id));
                cut.EndsAt(cutAt, isCommitted);

                await Assert.ThrowsAsync<CutException>(() =>
                    MemoryObject.Deserialize(document).ReplaceAsync(client.Get("tests", id), "put")
                );

                bool isNew = cutAt == TurnsOfReplacement && isCommitted;
                Assert.Equal(isNew ? document : old, await (await MemoryObject.OpenAsync(conversation)).SerializeAsync());
                TurnReceipt receipt = await MemoryObject.Deserialize(document).ReplaceAsync(conversation, "put");
                Assert.Equal(
                    new TurnReceipt
                    {
                        Version = 2 + TurnsOfReplacement,
                        FirstSequence = 5,
                        LastSequence = 4 + Entries,
                        Replayed = isNew,
                    },
                    receipt
                );
                Assert.Equal(receipt with { Replayed = true }, await MemoryObject.Deserialize(document).ReplaceAsync(conversation, "put"));
                await AssertHoldsAsync(conversation, document, 4 + Entries);
            }
        }
    }

    [Fact]
    public async Task The_same_memory_goes_on_where_it_was_cut_off_without_an_id()
    {
        (Conversation conversation, _) = await StartAsync("same");
        (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation("same"));
        cut.After = turn => turn == 2 ? throw new MemoryUnavailableException(TimeSpan.FromMilliseconds(1)) : Task.CompletedTask;
        MemoryObject memory = Make("new", Entries);
        string document = await memory.SerializeAsync();

        // The client repeats what was unavailable, so the second turn is sent twice.
        await memory.ReplaceAsync(client.Get("tests", "same"));

        Assert.Equal(TurnsOfReplacement + 1, cut.Turns);
        await AssertHoldsAsync(conversation, document, 4 + Entries);

        memory = Make("newer", Entries);
        document = await memory.SerializeAsync();
        (client, cut) = CutGrain.Of(small.Host.Conversation("same"));
        cut.EndsAt(3, isCommitted: false);
        await Assert.ThrowsAsync<CutException>(() => memory.ReplaceAsync(client.Get("tests", "same")));
        await memory.ReplaceAsync(client.Get("tests", "same"));
        await AssertHoldsAsync(conversation, document, 4 + Entries + Entries);
    }

    [Fact]
    public async Task A_turn_of_somebody_else_in_between_is_a_conflict_and_no_mixture()
    {
        for (int at = 2; at <= TurnsOfReplacement; at++)
        {
            string id = $"other-{at}";
            (Conversation conversation, string old) = await StartAsync(id);
            string document = await Make("new", Entries).SerializeAsync();
            (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation(id));
            cut.Before = turn =>
                turn == at ? conversation.AppendAsync(new ChatMessage(ChatRole.User, "from elsewhere")) : Task.CompletedTask;

            var conflict = await Assert.ThrowsAsync<VersionConflictException>(() =>
                MemoryObject.Deserialize(document).ReplaceAsync(client.Get("tests", id), "put")
            );

            Assert.Equal((1L + at, 2L + at), (conflict.ExpectedVersion, conflict.ActualVersion));
            MemoryObject there = await MemoryObject.OpenAsync(conversation);
            Assert.Equal(old, await there.SerializeAsync());
            there.LogChatTurn("the old program goes on");
            await there.CommitAsync();
            await Assert.ThrowsAsync<VersionConflictException>(() => MemoryObject.Deserialize(document).ReplaceAsync(conversation, "put"));
            Assert.Equal(await there.SerializeAsync(), await (await MemoryObject.OpenAsync(conversation)).SerializeAsync());

            await MemoryObject.Deserialize(document).ReplaceAsync(conversation, "put again");
            await AssertHoldsAsync(conversation, document);
        }
    }

    [Fact]
    public async Task Somebody_elses_turn_before_the_first_one_is_no_conflict_unless_a_version_is_expected()
    {
        (Conversation conversation, _) = await StartAsync("before");
        string document = await Make("new", Entries).SerializeAsync();
        (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation("before"));
        cut.Before = turn => turn == 1 ? conversation.AppendAsync(new ChatMessage(ChatRole.User, "from elsewhere")) : Task.CompletedTask;

        await MemoryObject.Deserialize(document).ReplaceAsync(client.Get("tests", "before"));
        await AssertHoldsAsync(conversation, document, 5 + Entries);

        long version = (await conversation.GetHeadAsync())!.Version;
        await Assert.ThrowsAsync<VersionConflictException>(() =>
            MemoryObject.Deserialize(document).ReplaceAsync(conversation, "late", version - 1)
        );
        Assert.Equal(version, (await conversation.GetHeadAsync())!.Version);
        await MemoryObject.Deserialize(document).ReplaceAsync(conversation, "right", version);
        await Assert.ThrowsAsync<TurnConflictException>(async () =>
            await MemoryObject.Deserialize(await Make("newer", Entries).SerializeAsync()).ReplaceAsync(conversation, "right")
        );
        await AssertHoldsAsync(conversation, document, 5 + Entries + Entries);
    }

    [Fact]
    public async Task An_id_of_any_allowed_length_will_do()
    {
        string id = new('i', 256);
        Conversation conversation = Clients.Of(small.Host).Get("tests", "long-id");
        string document = await Make("new", Entries).SerializeAsync();

        TurnReceipt receipt = await MemoryObject.Deserialize(document).ReplaceAsync(conversation, id, expectedVersion: 0);

        Assert.Equal(receipt with { Replayed = true }, await MemoryObject.Deserialize(document).ReplaceAsync(conversation, id));
        await AssertHoldsAsync(conversation, document, Entries);
    }

    [Fact]
    public async Task What_no_turn_may_hold_is_refused_before_anything_is_written()
    {
        (Conversation conversation, string old) = await StartAsync("too-large");
        MemoryObject message = Make("new", Entries);
        message.LogChatTurn(new string('x', 4 * 1024));
        MemoryObject part = Make("new", Entries);
        part.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["s"] = new string('x', 8 * 1024) });
        MemoryObject parts = Make("new", Entries);
        for (int i = 0; i < 3; i++)
        {
            parts.Globals.Set($"g{i}", ProgramJson.ToElement(new string('x', 6 * 1024), "g", ProgramJson.DefaultOptions));
        }

        foreach (
            (MemoryObject memory, string what, int limit) in ((MemoryObject, string, int)[])
                [(message, $"messages[{Entries}]", 4 * 1024), (part, "entries[0]", 8 * 1024), (parts, "entries", SmallTurnsHost.TurnBytes)]
        )
        {
            var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() => memory.ReplaceAsync(conversation));
            Assert.Equal((what, (long)limit), (refused.Parameter, refused.Limit));
        }

        Assert.Equal(2, (await conversation.GetHeadAsync())!.Version);
        Assert.Equal(old, await (await MemoryObject.OpenAsync(conversation)).SerializeAsync());
    }

    [Fact]
    public async Task Random_programs_take_over_from_one_another_in_small_turns()
    {
        ConversationClient source = Clients.OfNewTenant(await hosts.InMemoryAsync());
        Conversation conversation = Clients.Of(small.Host).Get("tests", "random");
        foreach (int seed in Generated.Seeds(20))
        {
            var run = new ProgramRun(new Random(seed), source.Get($"program-{seed}"));
            for (int step = 0; step < 60; step++)
            {
                await run.StepAsync();
            }

            var mode = (SerializationMode)(seed % 3);
            MemoryObject memory = MemoryObject.Deserialize(await run.SerializeAsync(mode), mode);
            string document = await NormalAsync(memory);

            await memory.ReplaceAsync(conversation, $"seed {seed}");

            Assert.Equal(document, await NormalAsync(memory));
            Assert.Equal(document, await NormalAsync(await MemoryObject.OpenAsync(conversation)));
        }
    }

    /// <summary>The parts of a memory as JSON. Stored user globals are in the order of their names.</summary>
    private static async Task<string> NormalAsync(MemoryObject memory)
    {
        IEnumerable<JsonProperty> parts = JsonElement.Parse(await memory.SerializeAsync(SerializationMode.Json)).EnumerateObject();
        return string.Join(
            '\n',
            parts.SelectMany(part =>
                part.NameEquals("user_globals")
                    ? part.Value.EnumerateObject().OrderBy(global => global.Name, StringComparer.Ordinal)
                    : (IEnumerable<JsonProperty>)[part]
            )
        );
    }

    private static MemoryObject Make(string name, int entries, int textLength = 1)
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        string text = new('x', textLength);
        for (int i = 0; i < entries; i++)
        {
            memory.LogChatTurn($"{name} {i} {text}");
        }

        memory.Globals.Set(name, ProgramJson.ToElement(entries, name, ProgramJson.DefaultOptions));
        return memory;
    }

    /// <summary>A conversation with a small memory, and a message of others, in two turns.</summary>
    private async Task<(Conversation Conversation, string Document)> StartAsync(string id)
    {
        Conversation conversation = Clients.Of(small.Host).Get("tests", id);
        MemoryObject old = Make("old", 3);
        await old.ReplaceAsync(conversation);
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "of others"));
        return (conversation, await old.SerializeAsync());
    }

    private static async Task AssertHoldsAsync(Conversation conversation, string document, long? lastSequence = null)
    {
        Assert.Equal(document, await (await MemoryObject.OpenAsync(conversation)).SerializeAsync());
        Assert.Equal(Entries, await conversation.StreamMessagesAsync().CountAsync());
        Assert.Equal(lastSequence ?? (await conversation.GetHeadAsync())!.LastSequence, (await conversation.GetHeadAsync())!.LastSequence);
        Assert.Single(await conversation.GetEntriesAsync(EntrySpaces.Globals));
    }
}
