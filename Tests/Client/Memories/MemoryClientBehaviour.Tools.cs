using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Runs;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Memories;

public abstract partial class MemoryClientBehaviour
{
    [Fact]
    public void The_tools_are_described_as_the_document_describes_them()
    {
        IReadOnlyList<AIFunction> tools = Memory(agent: "a").AsTools();
        Assert.Equal(
            [
                ("save_to_memory", "Save important information for future reference"),
                ("recall_from_memory", "Search long-term memory for information"),
            ],
            tools.Select(tool => (tool.Name, tool.Description))
        );
        AssertSameJson(
            """
            {
              "type": "object",
              "properties": {
                "thinking": { "type": "string", "description": "Why this information is important" },
                "content": { "type": "array", "items": { "type": "string" }, "description": "List of things to remember" }
              },
              "required": ["thinking", "content"]
            }
            """,
            tools[0].JsonSchema
        );
        AssertSameJson(
            """
            {
              "type": "object",
              "properties": { "keywords": { "type": "array", "items": { "type": "string" }, "description": "Keywords to search for" } },
              "required": ["keywords"]
            }
            """,
            tools[1].JsonSchema
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory(agent: "a").AsTools(limit: 0));
    }

    [Fact]
    public async Task A_model_saves_and_recalls_by_calling_functions()
    {
        PersistentMemory memory = Memory(agent: "a", user: "alice");
        ChatMessage answer = new(ChatRole.Assistant, "I will remember your birthday.");
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(
                Calls(
                    "1",
                    "save_to_memory",
                    new() { ["thinking"] = "The user mentioned their birthday.", ["content"] = new[] { "Birthday: March 15" } }
                )
            )
            .Answers(
                Calls("2", "recall_from_memory", new() { ["keywords"] = JsonSerializer.SerializeToElement(new[] { "birthday", "pets" }) })
            )
            .Answers(new ChatResponse(answer));
        IReadOnlyList<AIFunction> tools = memory.AsTools(limit: 1);
        using var loop = new RunScriptToolLoop(model, tools);

        ChatResponse response = await loop.GetResponseAsync([User("My birthday is on March 15")], new ChatOptions { Tools = [.. tools] });

        MemoryFact fact = Assert.Single((await memory.Memories.ListAsync()).Memories);
        Assert.Equal((MemoryKind.Fact, "Birthday: March 15"), (fact.Kind, fact.Text));
        Assert.Equal(
            [
                $$"""{"success":true,"message":"Successfully saved 1 items to memory","memory_ids":["{{fact.Id}}"]}""",
                """{"success":true,"memories":["Birthday: March 15"],"count":1}""",
            ],
            response
                .Messages.SelectMany(message => message.Contents)
                .OfType<FunctionResultContent>()
                .Select(result => ((JsonElement)result.Result!).GetRawText())
        );
        Assert.Equal(answer.Text, response.Messages[^1].Text);
        Assert.Equal(3, model.Requests.Count);
    }

    [Fact]
    public async Task A_model_that_calls_a_function_badly_is_told_so()
    {
        AIFunction recall = Memory(agent: "a").AsTools()[1];
        object? result = await recall.InvokeAsync(new AIFunctionArguments { ["keywords"] = new[] { " " } });
        Assert.StartsWith(
            "{\"success\":false,\"message\":\"Error retrieving memories: ",
            ((JsonElement)result!).GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Function_calls_within_a_conversation_are_part_of_its_log()
    {
        PersistentMemory memory = Memory(user: "alice");
        ScriptedChatClient model = new ScriptedChatClient()
            .Answers(Calls("1", "save_to_memory", new() { ["thinking"] = "why", ["content"] = new[] { "Alice likes tea" } }))
            .Says("Noted.");
        using ConversationChatClient bound = model.WithConversation(
            Client,
            options => (options.Tenant, options.ConversationId) = (_tenant, "chat")
        );
        using var loop = new RunScriptToolLoop(bound, memory.AsTools());

        Assert.Equal("Noted.", (await loop.GetResponseAsync([User("I like tea")])).Messages[^1].Text);

        Assert.Equal(4, (await Client.Get(_tenant, "chat").GetHeadAsync())!.MessageCount);
        Assert.Equal("Alice likes tea", await memory.RetrieveAsync("tea"));
    }

    private static ChatResponse Calls(string id, string function, Dictionary<string, object?> arguments) =>
        new(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent(id, function, arguments)]));

    private static void AssertSameJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, actual), actual.GetRawText());
}
