using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class SimpleMemoryTests
{
    [Fact]
    public async Task Turns_are_flat_and_replies_follow_the_same_rules()
    {
        var memory = new SimpleMemory(new ProgramConfig { DefaultPrompt = "p" });
        memory.AddUserReply(null);
        memory.AddUserReply("a");
        Assert.Equal("a", memory.CachedUserReply);
        memory.LogThoughtTurn("t", "i");
        memory.LogChatTurn("b", 1, "f");
        memory.LogClassifierTurn("yes", null, null, null);

        Assert.Null(memory.CachedUserReply);
        Assert.Equal("user:a system_instruction:i system_answer:t agent:b", await TurnTests.ViewAsync(memory));
        Assert.Equal("system_instruction:i system_answer:t agent:b", await TurnTests.ViewAsync(memory, 2));
        Assert.Equal(["user_reply", "user_reply", "agent_reply", "classifier"], memory.ModelTurns.Select(turn => turn.EntryType));
        Assert.Equal("p", memory.SystemPrompt);
        memory.SetSystemPrompt("q");
        Assert.Equal("q", (await memory.GetTurnsForModelAsync()).SystemPrompt);
    }

    [Fact]
    public async Task A_view_is_a_copy()
    {
        var memory = new SimpleMemory();
        memory.AddUserReply("a");
        ModelView view = await memory.GetTurnsForModelAsync();
        memory.AddUserReply("b");

        Assert.Single(view.Turns);
    }

    [Fact]
    public async Task It_can_start_with_a_given_memory()
    {
        var given = JsonElement.Parse(
            """
            {"model_turns":[{"user_reply":"a","entry_type":"user_reply","timestamp":"t"}],"turns":[{"role":"user","content":"a"}],"system_prompt":"s","cached_user_reply":"a"}
            """
        );

        var memory = new SimpleMemory(memoryDict: given);

        Assert.Equal(("a", "s", "t"), (memory.CachedUserReply, memory.SystemPrompt, memory.ModelTurns[0].Timestamp));
        Assert.Equal("user:a", await TurnTests.ViewAsync(memory));
        Assert.Throws<InvalidRequestException>(() => new SimpleMemory(memoryDict: JsonElement.Parse("[]")));
    }
}
