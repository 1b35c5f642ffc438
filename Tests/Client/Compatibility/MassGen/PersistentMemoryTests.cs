using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

/// <summary>What <see cref="PersistentMemory"/> makes of messages, answers and failures, before any store is asked.</summary>
public sealed class PersistentMemoryTests
{
    private readonly MemoryScript _script = MemoryScript.Obliging();

    private PersistentMemory Memory => new(_script.Client(), agentName: "agent", userName: "alice");

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", null, "")]
    public void Somebody_must_be_named(string? agent, string? user, string? session)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new PersistentMemory(_script.Client(), agent, user, session));
        Assert.StartsWith(
            "At least one of agent_name, user_name, or session_name must be provided to organize memories.",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_empty_name_beside_another_one_is_refused_rather_than_taken_for_everyone() =>
        Assert.Equal(
            "agent",
            Assert.Throws<InvalidRequestException>(() => new PersistentMemory(_script.Client(), agentName: "", userName: "alice")).Parameter
        );

    [Fact]
    public void A_time_to_live_that_is_over_already_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new PersistentMemory(_script.Client(), "agent", options: new PersistentMemoryOptions { TimeToLive = TimeSpan.Zero })
        );

    [Fact]
    public async Task Recording_nothing_is_no_call()
    {
        Assert.Null(await Memory.RecordAsync(null));
        Assert.Null(await Memory.RecordAsync([]));
        Assert.Null(
            await Memory.RecordAsync([
                null,
                new ChatMessage(ChatRole.System, "You are a helpful agent."),
                new ChatMessage(ChatRole.User, " \n"),
                new ChatMessage(ChatRole.User, []),
            ])
        );
        Assert.Empty(_script.Scope.Calls);
    }

    [Theory]
    [InlineData("Hey", false)] // user: Hey
    [InlineData("Hey!", true)] // user: Hey!
    public async Task Fewer_than_ten_characters_in_all_are_not_recorded(string text, bool isRecorded)
    {
        Assert.Equal(isRecorded, await Memory.RecordAsync([new ChatMessage(ChatRole.User, text)]) is not null);
        Assert.Equal(isRecorded, _script.Recorded.Any());
    }

    [Fact]
    public async Task Short_messages_are_recorded_together() =>
        Assert.Equal(
            2,
            (await Memory.RecordAsync([new ChatMessage(ChatRole.User, "No"), new ChatMessage(ChatRole.Assistant, "Ok")]))!.MemoryIds.Length
        );

    [Fact]
    public async Task Each_message_is_one_memory_with_its_id_author_instant_and_caption()
    {
        DateTimeOffset at = new(2023, 5, 8, 13, 56, 0, TimeSpan.Zero);
        await Memory.RecordAsync(
            [
                new ChatMessage(ChatRole.System, "Be brief."),
                new ChatMessage(ChatRole.User, "Look at this")
                {
                    MessageId = "D1:1",
                    AuthorName = "Caroline",
                    CreatedAt = at,
                    AdditionalProperties = new() { ["caption"] = "a dog" },
                },
                new ChatMessage(
                    ChatRole.User,
                    [
                        Picture("a cat"),
                        Picture("a cat"),
                        Picture("a bird"),
                        new TextContent("And these") { AdditionalProperties = new() { ["caption"] = "no image" } },
                    ]
                ),
                new ChatMessage(ChatRole.Assistant, [Picture("a fish")]),
            ],
            key: "once",
            conversationId: "c"
        );

        RecordRequest request = Assert.Single(_script.Recorded);
        Assert.Equal(("once", "c"), (request.Key, request.ConversationId));
        Assert.Equal(["Look at this", "And these", ""], request.Memories.Select(memory => memory.Text));
        Assert.Equal(["a dog", "a cat a bird", "a fish"], request.Memories.Select(memory => memory.Caption));
        Assert.Equal(["user", "user", "assistant"], request.Memories.Select(memory => memory.Role));
        Assert.All(request.Memories, memory => Assert.Equal(MemoryKind.Turn, memory.Kind));
        Assert.Equal(
            ("D1:1", "Caroline", at),
            (request.Memories[0].MessageId, request.Memories[0].Speaker, request.Memories[0].OccurredAt)
        );
        Assert.Equal((null, null, null), (request.Memories[1].MessageId, request.Memories[1].Speaker, request.Memories[1].OccurredAt));
    }

    [Fact]
    public async Task Metadata_tells_of_tools_and_messages_and_what_the_caller_says()
    {
        await Memory.RecordAsync(
            [
                new ChatMessage(ChatRole.User, "What is the weather?"),
                new ChatMessage(
                    ChatRole.Assistant,
                    [
                        new FunctionCallContent("1", "weather"),
                        new FunctionCallContent("2", "clock"),
                        new FunctionCallContent("3", "weather"),
                    ]
                ),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "sunny")]),
                new ChatMessage(ChatRole.Assistant, "It is sunny."),
            ],
            new Dictionary<string, object?> { ["turn"] = 3, ["note"] = "a\ud800" }
        );
        Assert.All(
            Assert.Single(_script.Recorded).Memories,
            memory =>
                Assert.Equal(
                    """{"tools_used":["weather","clock"],"has_tools":true,"message_count":2,"turn":3,"note":"a\ud800"}""",
                    memory.Metadata
                )
        );

        await Memory.RecordAsync(
            [new ChatMessage(ChatRole.User, "Thanks a lot")],
            new Dictionary<string, object?> { ["message_count"] = "mine" }
        );
        Assert.Equal("""{"tools_used":[],"has_tools":false,"message_count":"mine"}""", _script.Recorded.Last().Memories[0].Metadata);
    }

    [Fact]
    public async Task Metadata_without_a_JSON_form_is_refused() =>
        Assert.Equal(
            "metadata",
            (
                await Assert.ThrowsAsync<InvalidRequestException>(() =>
                    Memory.RecordAsync(
                        [new ChatMessage(ChatRole.User, "Remember this")],
                        new Dictionary<string, object?> { ["x"] = new Action(() => { }) }
                    )
                )
            ).Parameter
        );

    [Fact]
    public async Task A_recording_is_repeated_under_one_key()
    {
        var script = new MemoryScript();
        script
            .Scope.Fails<RecordReceipt>(nameof(IMemoryGrain.RecordAsync), new TimeoutException())
            .Fails<RecordReceipt>(nameof(IMemoryGrain.RecordAsync), new MemoryUnavailableException(TimeSpan.Zero))
            .Returns(nameof(IMemoryGrain.RecordAsync), MemoryScript.Receipt(1));
        var memory = new PersistentMemory(script.Client(), sessionName: "s");

        await memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember this")]);
        await memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember this")]);

        string?[] keys = [.. script.Recorded.Select(request => request.Key)];
        Assert.Equal(4, keys.Length);
        Assert.NotNull(keys[0]);
        Assert.Equal((keys[0], keys[0]), (keys[1], keys[2]));
        Assert.NotEqual(keys[0], keys[3]);
    }

    [Fact]
    public async Task A_failed_recording_throws()
    {
        _script.Scope.Fails<RecordReceipt>(nameof(IMemoryGrain.RecordAsync), new RecordConflictException("k"));
        await Memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember this")], key: "k");
        await Assert.ThrowsAsync<RecordConflictException>(() =>
            Memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember that")], key: "k")
        );
    }

    [Fact]
    public async Task A_name_with_an_unpaired_surrogate_never_leaves_the_process()
    {
        const string Bad = "a lonely \ud800";
        await AssertRefusedAsync("key", () => Memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember this")], key: Bad));
        await AssertRefusedAsync(
            "conversationId",
            () => Memory.RecordAsync([new ChatMessage(ChatRole.User, "Remember this")], conversationId: Bad)
        );
        await AssertRefusedAsync(
            "metadata",
            () => Memory.Memories.RecallAsync(new RecallRequest { Query = "q", Metadata = [new MetadataMatch { Name = "n", Value = Bad }] })
        );
        await AssertRefusedAsync("session", () => Memory.Memories.ListAsync(new MemoryListQuery { Session = Bad }));
        await AssertRefusedAsync("id", () => Memory.Memories.GetAsync(Bad));
        Assert.Throws<InvalidRequestException>(() => new PersistentMemory(_script.Client(), userName: Bad));
        Assert.Empty(_script.Scope.Calls);
        Assert.Empty(_script.Directory.Calls);
    }

    [Fact]
    public async Task Retrieving_asks_once_for_each_message_and_tells_each_memory_once()
    {
        MemoryFact color = MemoryScript.Fact("1", "Alice's favorite color is blue");
        MemoryFact turn = MemoryScript.Fact("2", "I teach\nmaths") with { Kind = MemoryKind.Turn, Role = "user", Caption = "a school" };
        MemoryFact named = MemoryScript.Fact("3", "Me too") with { Kind = MemoryKind.Turn, Role = "user", Speaker = "Bob" };
        var script = new MemoryScript();
        script
            .Scope.Returns(nameof(IMemoryGrain.RecallAsync), MemoryScript.Found(color, turn))
            .Returns(nameof(IMemoryGrain.RecallAsync), MemoryScript.Found(color, named));
        var memory = new PersistentMemory(script.Client(), userName: "alice");

        string found = await memory.RetrieveAsync(
            [new ChatMessage(ChatRole.User, "color?"), null, new ChatMessage(ChatRole.User, "  "), new ChatMessage(ChatRole.User, "job?")],
            limit: 7
        );

        Assert.Equal("Alice's favorite color is blue\nuser: I teach\nmaths [image: a school]\nBob: Me too", found);
        Assert.Equal([("color?", 7), ("job?", 7)], script.Asked.Select(request => (request.Query, request.Limit!.Value)));
    }

    [Fact]
    public async Task Retrieving_for_nothing_is_an_empty_text_without_a_call()
    {
        Assert.Equal("", await Memory.RetrieveAsync(" "));
        Assert.Equal("", await Memory.RetrieveAsync(Array.Empty<ChatMessage>()));
        Assert.Equal("", await Memory.RetrieveAsync(new ChatMessage(ChatRole.User, [])));
        Assert.Empty(_script.Scope.Calls);
        Assert.Equal("", await Memory.RetrieveAsync("unheard of"));
        Assert.Equal(5, Assert.Single(_script.Asked).Limit);
    }

    [Fact]
    public async Task Previous_winners_are_asked_with_their_turns_and_named()
    {
        var script = new MemoryScript();
        script
            .Scope.Returns(nameof(IMemoryGrain.RecallAsync), MemoryScript.Found(MemoryScript.Fact("1", "own")))
            .Returns(nameof(IMemoryGrain.RecallAsync), MemoryScript.Found(MemoryScript.Fact("2", "of b")))
            .Returns(nameof(IMemoryGrain.RecallAsync), MemoryScript.Found(MemoryScript.Fact("3", "of c")));
        var memory = new PersistentMemory(script.Client(), agentName: "a", sessionName: "s");
        script.Keys.Clear();

        string found = await memory.RetrieveAsync(
            "what?",
            previousWinners: [new PreviousWinner("a", 1), new PreviousWinner("b", 2), new PreviousWinner("c")]
        );

        Assert.Equal("own\n[From b Turn 2] of b\n[From c] of c", found);
        Assert.Equal(
            ["default/agent=b/session=s", "default/agent=c/session=s"],
            script.Keys.Where(key => key.Contains('/', StringComparison.Ordinal))
        );
        Assert.Equal([null, "2", null], script.Asked.Select(request => request.Metadata.SingleOrDefault()?.Value));
    }

    [Fact]
    public async Task A_huge_message_asks_by_its_beginning()
    {
        await Memory.RetrieveAsync(new ChatMessage(ChatRole.User, "x" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 40_000))));
        string query = Assert.Single(_script.Asked).Query;
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(query), 16_384, 65_536);
        Assert.False(char.IsHighSurrogate(query[^1]));
    }

    [Fact]
    public async Task Saving_has_the_documented_shape()
    {
        MemorySaveResult saved = await Memory.SaveToMemoryAsync(
            "User shared personal information",
            ["User's favorite color is blue", "User works as a teacher"],
            key: "k"
        );
        Assert.Equal(
            """{"success":true,"message":"Successfully saved 2 items to memory","memory_ids":["m1","m2"]}""",
            JsonSerializer.Serialize(saved)
        );
        RecordRequest request = Assert.Single(_script.Recorded);
        Assert.Equal("k", request.Key);
        Assert.Equal(["User's favorite color is blue", "User works as a teacher"], request.Memories.Select(memory => memory.Text));
        Assert.All(
            request.Memories,
            memory => Assert.Equal((MemoryKind.Fact, """{"thinking":"User shared personal information"}"""), (memory.Kind, memory.Metadata))
        );

        Assert.Equal(
            """{"success":true,"message":"Successfully saved 0 items to memory","memory_ids":[]}""",
            JsonSerializer.Serialize(await Memory.SaveToMemoryAsync(null, []))
        );
        Assert.Single(_script.Recorded);
    }

    [Fact]
    public async Task Failed_saving_has_the_documented_shape()
    {
        var script = new MemoryScript();
        script.Scope.Fails<RecordReceipt>(
            nameof(IMemoryGrain.RecordAsync),
            new InvalidRequestException("memories[0].text", "It is blank.")
        );
        MemorySaveResult failed = await new PersistentMemory(script.Client(), "a").SaveToMemoryAsync("why", [" "]);
        Assert.Equal(
            """{"success":false,"message":"Error saving to memory: It is blank.","memory_ids":[]}""",
            JsonSerializer.Serialize(failed)
        );
    }

    [Fact]
    public async Task Recalling_has_the_documented_shape()
    {
        var script = new MemoryScript();
        script.Scope.Returns(
            nameof(IMemoryGrain.RecallAsync),
            MemoryScript.Found(MemoryScript.Fact("1", "a"), MemoryScript.Fact("2", "b"))
        );
        MemoryRecallResult recalled = await new PersistentMemory(script.Client(), "agent").RecallFromMemoryAsync(
            ["favorite color", "job"],
            limit: 2
        );
        Assert.Equal("""{"success":true,"memories":["a","b","a","b"],"count":4}""", JsonSerializer.Serialize(recalled));
        Assert.Equal([("favorite color", 2), ("job", 2)], script.Asked.Select(request => (request.Query, request.Limit!.Value)));
        Assert.Equal("""{"success":true,"memories":[],"count":0}""", JsonSerializer.Serialize(await Memory.RecallFromMemoryAsync([])));
    }

    [Fact]
    public async Task Failed_recalling_has_the_documented_shape_without_a_count()
    {
        var script = new MemoryScript();
        script.Scope.Fails<RecallResult>(nameof(IMemoryGrain.RecallAsync), new InvalidRequestException("query", "It is blank."));
        MemoryRecallResult failed = await new PersistentMemory(script.Client(), "a").RecallFromMemoryAsync([" "]);
        Assert.Equal(
            """{"success":false,"message":"Error retrieving memories: It is blank.","memories":[]}""",
            JsonSerializer.Serialize(failed)
        );
    }

    [Fact]
    public async Task Ending_the_wait_is_no_failure_to_report()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        var script = new MemoryScript();
        script.Scope.Fails<RecordReceipt>(nameof(IMemoryGrain.RecordAsync), new OperationCanceledException(ended.Token));
        script.Scope.Fails<RecallResult>(nameof(IMemoryGrain.RecallAsync), new OperationCanceledException(ended.Token));
        var memory = new PersistentMemory(script.Client(), "a");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            memory.SaveToMemoryAsync("why", ["what"], cancellationToken: ended.Token)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            memory.RecallFromMemoryAsync(["what"], cancellationToken: ended.Token)
        );
    }

    private static DataContent Picture(string caption) =>
        new(new byte[] { 1 }, "image/png") { AdditionalProperties = new() { ["caption"] = caption } };

    private static async Task AssertRefusedAsync(string parameter, Func<Task> call) =>
        Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(call)).Parameter);
}
