using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>What a memory of a conversation does, whatever store it stands on.</summary>
public abstract partial class DurableMemoryBehaviour : IAsyncLifetime
{
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await HostAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> HostAsync();

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

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
                Replayed = true,
            },
            await memory.CommitAsync("t1")
        );
        Assert.Equal(new TurnReceipt { Version = 1 }, await memory.CommitAsync());
        memory.AddUserReply("more");
        await Assert.ThrowsAsync<TurnConflictException>(() => memory.CommitAsync("t1"));
        Assert.Equal(2, (await memory.CommitAsync("t2")).Version);
        Assert.Equal(["start", "more"], await TextsAsync(conversation));
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
        (await conversation.GetEntriesAsync(EntrySpaces.MemoryObject)).Count(entry =>
            entry.Key.StartsWith("turns.", StringComparison.Ordinal)
        );

    private static async Task<List<string>> TextsAsync(Conversation conversation) =>
        await conversation.StreamMessagesAsync().Select(message => message.Message.Text).ToListAsync();
}

public sealed class InMemoryDurableMemoryTests(SharedHosts hosts) : DurableMemoryBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class PostgresDurableMemoryTests(SharedHosts hosts, PostgresDatabase database)
    : DurableMemoryBehaviour,
        IClassFixture<PostgresDatabase>
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();

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

        // The first host does not know that the second one has gone on: its turn is decided upon an old version, and is refused whole.
        await Assert.ThrowsAsync<VersionConflictException>(() => autogram.ReplyAsync(here, "30"));
        Assert.Equal("Ann is 30.", await autogram.ReplyAsync(here, "30"));
        await Assert.ThrowsAsync<VersionConflictException>(() => autogram.ReplyAsync(there, ""));
        Assert.Null(await autogram.ReplyAsync(there, ""));
        Assert.Equal(
            ["hello", "What is your name?", "Ann", "How old are you, Ann?", "30", "Ann is 30."],
            await there.StreamMessagesAsync().Select(message => message.Message.Text).Where(text => text.Length > 0).ToListAsync()
        );
    }
}
