using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class TurnTests
{
    private static readonly StackFrame Root = new() { FunctionName = "root", LineNumber = 1 };

    [Theory]
    [InlineData(ConversationScope.Global, "user:a agent:b agent:c agent:d", "user:a agent:b agent:c agent:d agent:e")]
    [InlineData(ConversationScope.Normal, "user:a agent:b agent:c agent:d", "user:a agent:b agent:e")]
    [InlineData(ConversationScope.Local, "agent:c agent:d", "user:a agent:b agent:e")]
    public async Task A_scope_says_what_a_function_sees_and_what_becomes_of_its_turns(ConversationScope scope, string inside, string after)
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.AddUserReply("a");
        memory.LogChatTurn("b");
        memory.ProcessCall(Root, scope);
        memory.LogChatTurn("c");
        memory.LogChatTurn("d");

        Assert.Equal(inside, await ViewAsync(memory));
        memory.ProcessReturn();
        memory.LogChatTurn("e");
        Assert.Equal(after, await ViewAsync(memory));
        Assert.Equal(
            "user: a\n\nassistant: b\n\nassistant: c\n\nassistant: d\n\nassistant: e\n\n",
            await memory.ExtractConversationHistoryTextAsync()
        );
    }

    [Fact]
    public void A_system_prompt_is_inherited_and_changed_for_one_function_only()
    {
        var memory = new MemoryObject(new MemoryObjectOptions { Config = new ProgramConfig { DefaultPrompt = "default" } });
        memory.ProcessCall();
        Assert.Equal("default", memory.SystemPrompt);
        memory.SetSystemPrompt("root's");
        memory.ProcessCall(Root, ConversationScope.Local);
        Assert.Equal("root's", memory.SystemPrompt);
        memory.SetSystemPrompt("child's");
        memory.ProcessReturn();
        Assert.Equal("root's", memory.SystemPrompt);
    }

    [Fact]
    public async Task A_user_reply_is_always_a_model_turn_and_only_a_turn_when_it_is_not_empty()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.AddUserReply(null);
        memory.AddUserReply(string.Empty);
        Assert.Null(memory.CachedUserReply);
        memory.AddUserReply("a");

        Assert.Equal("a", memory.CachedUserReply);
        Assert.Equal("user:a", await ViewAsync(memory));
        Assert.Equal([null, "", "a"], (await memory.GetModelTurnsAsync().ToListAsync()).Select(turn => turn.Text));
        Assert.Equal([null, "", "a"], (await memory.ExtractFullConversationHistoryAsync().ToListAsync()).Select(turn => turn.Content));
        memory.LogChatTurn("b");
        Assert.Null(memory.CachedUserReply);
    }

    [Fact]
    public async Task A_reply_before_the_first_call_waits_for_it_and_the_last_of_several_counts()
    {
        var memory = new MemoryObject();
        memory.AddUserReply("first");
        memory.AddUserReply("second");
        Assert.True(memory.UnusedUserReply);

        memory.ProcessCall();

        Assert.False(memory.UnusedUserReply);
        Assert.Equal("user:second", await ViewAsync(memory));
        Assert.Equal("second", memory.CachedUserReply);
    }

    [Fact]
    public async Task Entries_have_the_fields_of_AutoGRAMS()
    {
        var clock = new ManualUtcClock(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero));
        var memory = new MemoryObject(new MemoryObjectOptions { TimeProvider = clock });
        memory.ProcessCall();
        using (memory.SetNode("start"))
        {
            Assert.Equal("start", memory.LastNode);
            memory.LogChatTurn("hi", 12, "chatbot");
            memory.LogClassifierTurn("yes", new[] { "in" }, new[] { "out" }, new[] { "yes", "no" });
        }

        Assert.Null(memory.LastNode);
        memory.LogChatbotTurn("text", null, null, "prompt");
        memory.LogModelTurn(new Dictionary<string, object?> { ["a"] = 1 }, "embed", new object[] { 1, "x" }, 7);
        memory.LogThoughtTurn("answer", "instruction");

        using JsonDocument document = JsonDocument.Parse(await memory.SerializeAsync(SerializationMode.Json));
        string timestamp = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            [
                $$"""{"node":"start","entry_type":"node","timestamp":"{{timestamp}}"}""",
                $$"""{"reply":"hi","entry_type":"agent_reply","last_node":"start","line_number":12,"function_name":"chatbot","timestamp":"{{timestamp}}"}""",
                $$"""{"output":"yes","entry_type":"classifier","input_turns":["in"],"output_turns":["out"],"answer_choices":["yes","no"],"system_prompt":null,"usage_log":null,"last_node":"start","timestamp":"{{timestamp}}"}""",
                $$"""{"output":"text","entry_type":"chatbot","input_turns":null,"output_turns":null,"system_prompt":"prompt","usage_log":null,"last_node":null,"timestamp":"{{timestamp}}"}""",
                $$"""{"entry_type":"model","output":{"a":1},"function_name":"embed","function_inputs":[1,"x"],"code_position":7,"usage_log":null,"supervisor_info":null,"timestamp":"{{timestamp}}"}""",
            ],
            document.RootElement.GetProperty("model_turns").EnumerateArray().Select(entry => entry.GetRawText())
        );
        Assert.Equal("agent:hi system_instruction:instruction system_answer:answer", await ViewAsync(memory));
    }

    [Fact]
    public async Task A_view_is_bounded_and_keeps_the_newest_and_thoughts_whole()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.LogChatTurn("1");
        memory.LogThoughtTurn("2", "i");
        memory.ProcessCall(Root);
        memory.LogChatTurn("3");

        Assert.Equal("agent:3", await ViewAsync(memory, 1));
        Assert.Equal("system_instruction:i system_answer:2 agent:3", await ViewAsync(memory, 2));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => memory.GetTurnsForModelAsync(0));
        Assert.Equal("assistant: 3\n\n", await memory.ExtractConversationHistoryTextAsync(1));
    }

    [Fact]
    public async Task Two_callers_at_once_are_refused_and_nothing_is_mixed()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        var stream = new StoppingStream();
        Task save = memory.SaveAsync(stream);
        await stream.Reached.Task;

        Assert.Throws<InvalidOperationException>(() => memory.LogChatTurn("x"));
        Assert.Throws<InvalidOperationException>(() => memory.ProcessReturn());
        stream.Gate.SetResult();
        await save;
        memory.LogChatTurn("x");
        Assert.Equal("agent:x", await ViewAsync(memory));
    }

    internal static async Task<string> ViewAsync(ProgramMemory memory, int maxTurns = ProgramMemory.DefaultMaxTurns) =>
        string.Join(' ', (await memory.GetTurnsForModelAsync(maxTurns)).Turns.Select(turn => $"{turn.Role}:{turn.Content}"));

    /// <summary>A stream whose first write waits.</summary>
    private sealed class StoppingStream : MemoryStream
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reached.TrySetResult();
            await Gate.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
