using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Programs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Programs;

/// <summary>What a memory of a conversation does, whatever store it stands on.</summary>
public abstract class DurableMemoryBehaviour : IAsyncLifetime
{
    private GrainHost _host = null!;

    public async Task InitializeAsync() => _host = await StartHostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    protected abstract Task<GrainHost> StartHostAsync();

    [Fact]
    public async Task A_turn_commits_messages_state_and_globals_together()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        memory.AddUserReply("hello");
        memory.ProcessCall();
        memory.LogThoughtTurn("a greeting", "Think.");
        memory.LogChatTurn("Hi!", 12, "chatbot");
        memory.ProcessFunctionExit("chatbot", 12, new Dictionary<string, object?> { ["n"] = 1 });
        memory.Globals.Set("lang", ProgramJson.ToElement("en", "lang", ProgramJson.DefaultOptions));

        TurnReceipt receipt = await memory.CommitAsync("t1");

        Assert.Equal((1L, 1L, 3L), (receipt.Version, receipt.FirstSequence, receipt.LastSequence));
        ConversationPage page = await conversation.GetMessagesAsync();
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Assistant], page.Messages.Select(message => message.Message.Role));
        Assert.Equal(["hello", "", "Hi!"], page.Messages.Select(message => message.Message.Text));
        Assert.Equal("a greeting", Assert.IsType<TextReasoningContent>(Assert.Single(page.Messages[1].Message.Contents)).Text);
        Assert.All(page.Messages, message => Assert.True(message.Message.AdditionalProperties!.ContainsKey("autograms")));
        Assert.Equal("\"en\"", (await conversation.GetEntryAsync(EntrySpaces.Globals, "lang"))!.Value);
        Assert.Equal("-1", (await conversation.GetEntryAsync(EntrySpaces.MemoryObject, "stack_pointer"))!.Value);

        MemoryObject again = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(12, again.ProcessCall().Frame!.LineNumber);
        Assert.Equal("user:hello system_instruction:Think. system_answer:a greeting agent:Hi!", await TurnTests.ViewAsync(again));
        Assert.Equal(1, again.ConversationVersion);
    }

    [Fact]
    public async Task A_lost_race_is_a_version_conflict_and_writes_nothing()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        MemoryObject first = await MemoryObject.OpenAsync(conversation);
        MemoryObject second = await MemoryObject.OpenAsync(conversation);
        first.AddUserReply("first");
        second.AddUserReply("second");
        await first.CommitAsync();

        var conflict = await Assert.ThrowsAsync<VersionConflictException>(() => second.CommitAsync());

        Assert.Equal((1L, 2L), (conflict.ExpectedVersion, conflict.ActualVersion));
        Assert.Equal(["start", "first"], await TextsAsync(conversation));
        await Assert.ThrowsAsync<VersionConflictException>(() => second.CommitAsync());
    }

    [Fact]
    public async Task A_new_program_loses_against_a_conversation_that_came_first()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "x"));

        await Assert.ThrowsAsync<VersionConflictException>(() => memory.CommitAsync());
    }

    [Fact]
    public async Task A_commit_again_writes_nothing_and_a_used_turn_id_is_refused()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation, "t1");

        Assert.Equal(new TurnReceipt { Version = 1, FirstSequence = 1, LastSequence = 1, Replayed = true }, await memory.CommitAsync("t1"));
        Assert.Equal(new TurnReceipt { Version = 1 }, await memory.CommitAsync());
        memory.AddUserReply("more");
        await Assert.ThrowsAsync<TurnConflictException>(() => memory.CommitAsync("t1"));
        Assert.Equal(2, (await memory.CommitAsync("t2")).Version);
        Assert.Equal(["start", "more"], await TextsAsync(conversation));
    }

    [Fact]
    public async Task Messages_of_others_are_no_turns_of_the_program()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "from elsewhere"));
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        memory.LogChatTurn("after");
        await memory.CommitAsync();
        memory = await MemoryObject.OpenAsync(conversation);

        Assert.Equal("user:start agent:after", await TurnTests.ViewAsync(memory));
        Assert.Equal(["start", "after"], (await memory.ExtractFullConversationHistoryAsync().ToListAsync()).Select(turn => turn.Content));
        Assert.Equal(["start", "from elsewhere", "after"], await TextsAsync(conversation));
    }

    [Fact]
    public async Task A_log_that_another_truncates_or_clears_loses_turns_and_breaks_nothing()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.LogChatTurn("2");
        memory.LogChatTurn("3");
        await memory.CommitAsync();
        await conversation.TruncateAsync(1);
        memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal("agent:3", await TurnTests.ViewAsync(memory));
        memory.LogChatTurn("4");
        await memory.CommitAsync();
        await conversation.ClearAsync();
        memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal("", await TurnTests.ViewAsync(memory));
        memory.LogChatTurn("5");
        Assert.Equal("agent:5", await TurnTests.ViewAsync(memory));
        await memory.CommitAsync();
        Assert.Equal("agent:5", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(conversation)));
    }

    [Fact]
    public async Task A_fork_before_some_turns_goes_on_without_them()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.LogChatTurn("2");
        memory.LogChatTurn("3");
        await memory.CommitAsync();

        Conversation fork = await conversation.ForkAsync(NewId(), 2);
        MemoryObject forked = await MemoryObject.OpenAsync(fork);
        Assert.Equal("user:start agent:2", await TurnTests.ViewAsync(forked));
        forked.LogChatTurn("other");
        await forked.CommitAsync();

        Assert.Equal("user:start agent:2 agent:other", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(fork)));
        Assert.Equal("user:start agent:2 agent:3", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(conversation)));
    }

    [Fact]
    public async Task A_program_survives_export_and_import()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.ProcessFunctionExit("root", 3, new Dictionary<string, object?> { ["n"] = 1 }, "here");
        await memory.CommitAsync();
        var document = new MemoryStream();
        await conversation.ExportAsync(document);
        document.Position = 0;

        Conversation copy = NewConversation();
        await copy.ImportAsync(document);

        Assert.Equal(await memory.SerializeAsync(SerializationMode.Full), await (await MemoryObject.OpenAsync(copy)).SerializeAsync(SerializationMode.Full));
    }

    [Fact]
    public async Task Globals_that_changed_or_went_commit_with_the_turn_and_others_are_not_written()
    {
        Conversation conversation = NewConversation();
        await conversation.SetEntryAsync(EntrySpaces.Globals, "kept", "{ \"as\": 1.0 }");
        await conversation.SetEntryAsync(EntrySpaces.Globals, "gone", "1");
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        Assert.True(memory.Globals.Remove("gone"));
        memory.Globals.Set("new", ProgramJson.ToElement(2, "new", ProgramJson.DefaultOptions));
        await memory.CommitAsync();

        Assert.Equal(
            ["kept={ \"as\": 1.0 }", "new=2"],
            (await conversation.GetEntriesAsync(EntrySpaces.Globals)).Select(entry => $"{entry.Key}={entry.Value}"));
    }

    [Fact]
    public async Task Replacing_takes_the_place_of_memory_globals_and_messages_in_one_turn_once()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.SetEntryAsync(EntrySpaces.Globals, "old", "1");
        MemoryObject memory = MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json);

        TurnReceipt receipt = await memory.ReplaceAsync(conversation, "put");
        Assert.Equal((3L, 2L, 6L), (receipt.Version, receipt.FirstSequence, receipt.LastSequence));
        TurnReceipt again = await MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).ReplaceAsync(conversation, "put");
        Assert.Equal(receipt with { Replayed = true }, again);
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            MemoryObject.Deserialize(Documents.With("version", "\"1\""), SerializationMode.Json).ReplaceAsync(conversation, "put"));
        await Assert.ThrowsAsync<VersionConflictException>(() =>
            MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).ReplaceAsync(conversation, expectedVersion: 2));
        await Assert.ThrowsAsync<InvalidOperationException>(() => memory.ReplaceAsync(conversation));

        MemoryObject stored = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(await MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).SerializeAsync(), await stored.SerializeAsync());
        Assert.Equal(["name"], (await conversation.GetEntriesAsync(EntrySpaces.Globals)).Select(entry => entry.Key));
        memory.AddUserReply("Ann");
        Assert.Equal(4, (await memory.CommitAsync()).Version);
    }

    [Fact]
    public async Task A_memory_without_a_conversation_cannot_be_committed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new MemoryObject().CommitAsync());
        Conversation conversation = NewConversation();
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => MemoryObject.TryOpenAsync(conversation));
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "x"));
        Assert.Null(await MemoryObject.TryOpenAsync(conversation));
    }

    [Fact]
    public async Task Stored_configuration_counts_where_none_is_given()
    {
        Conversation conversation = NewConversation();
        var options = new MemoryObjectOptions { Config = new ProgramConfig { DefaultPrompt = "stored" }, RootFunction = new RootFunction("chatbot", "name::m") };
        await (await MemoryObject.OpenAsync(conversation, options)).CommitAsync();

        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(("stored", "chatbot"), (memory.Config.DefaultPrompt, memory.RootFunction?.Name));
        memory = await MemoryObject.OpenAsync(conversation, new MemoryObjectOptions { Config = new ProgramConfig { DefaultPrompt = "given" } });
        Assert.Equal("given", memory.Config.DefaultPrompt);
    }

    [Fact]
    public async Task A_part_that_is_no_part_is_named()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.SetEntryAsync(EntrySpaces.MemoryObject, "turn_stack", """[{"scope":"global","system_prompt":"x","turns":[[3,1]]}]""");

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => MemoryObject.OpenAsync(conversation));

        Assert.Equal("turn_stack[0].turns[0]", failure.Parameter);
    }

    [Fact]
    public async Task Lists_of_many_runs_are_sealed_shared_and_cleaned_up()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        var expected = new List<string> { "user:start" };
        memory.ProcessCall(Frame);
        for (int i = 0; i < 150; i++)
        {
            memory.LogChatTurn($"{i}");
            expected.Add($"agent:{i}");
            memory.ProcessCall(Frame, ConversationScope.Normal);
            memory.LogChatTurn("forgotten");
            memory.ProcessReturn();
            if (i % 50 == 10)
            {
                await memory.CommitAsync();
                memory = await MemoryObject.OpenAsync(conversation);
            }
        }

        Assert.Equal(string.Join(' ', expected), await TurnTests.ViewAsync(memory));
        memory.ProcessReturn();
        await memory.CommitAsync();
        memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(string.Join(' ', expected), await TurnTests.ViewAsync(memory));
        Assert.Equal(string.Join(' ', expected.TakeLast(70)), await TurnTests.ViewAsync(memory, 70));
        Assert.True(await ChunksAsync(conversation) > 1);

        memory.ProcessReturn();
        memory.AddUserReply("end");
        await memory.CommitAsync();
        memory.ProcessCall();
        await memory.CommitAsync();
        Assert.Equal(0, await ChunksAsync(conversation));
        Assert.Equal("user:end", await TurnTests.ViewAsync(memory));
    }

    protected static string NewId() => Guid.NewGuid().ToString("N");

    private static readonly StackFrame Frame = new() { FunctionName = "f", LineNumber = 1 };

    private Conversation NewConversation() => Clients.Of(_host).Get("tests", NewId());

    private static async Task<MemoryObject> StartAsync(Conversation conversation, string? turnId = null)
    {
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        memory.AddUserReply("start");
        memory.ProcessCall();
        await memory.CommitAsync(turnId);
        return memory;
    }

    private static async Task<int> ChunksAsync(Conversation conversation) =>
        (await conversation.GetEntriesAsync(EntrySpaces.MemoryObject)).Count(entry => entry.Key.StartsWith("turns.", StringComparison.Ordinal));

    private static async Task<List<string>> TextsAsync(Conversation conversation) =>
        await conversation.StreamMessagesAsync().Select(message => message.Message.Text).ToListAsync();
}

public sealed class InMemoryDurableMemoryTests : DurableMemoryBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.InMemoryAsync();
}

public sealed class PostgresDurableMemoryTests(PostgresDatabase database) : DurableMemoryBehaviour, IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> StartHostAsync() => GrainHost.OnPostgresAsync(database.ConnectionString);

    [Fact]
    public async Task A_program_suspended_on_one_silo_resumes_on_another_at_the_same_place()
    {
        string id = NewId();
        await using GrainHost left = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await using GrainHost right = await GrainHost.OnPostgresAsync(database.ConnectionString);
        Autogram autogram = Interview.Make();
        Conversation here = Clients.Of(left).Get("tests", id);
        Conversation there = Clients.Of(right).Get("tests", id);

        Assert.Equal("What is your name?", await autogram.ReplyAsync(here, "hello"));
        Assert.Equal("How old are you, Ann?", await autogram.ReplyAsync(there, "Ann"));
        Assert.Equal("Ann is 30.", await autogram.ReplyAsync(here, "30"));
        Assert.Null(await autogram.ReplyAsync(there, ""));
    }
}
