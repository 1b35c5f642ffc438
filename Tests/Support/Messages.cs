using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>Short ways to write messages and turns.</summary>
internal static class Messages
{
    public static NewMessage User(string text) => Of(MessageRoles.User, text);

    public static NewMessage Assistant(string text) => Of(MessageRoles.Assistant, text);

    public static NewMessage Of(string role, string text) => new() { Role = role, Contents = Text(text) };

    public static string Text(string text) =>
        JsonSerializer.Serialize(
            new[]
            {
                new Dictionary<string, string> { ["$type"] = "text", ["text"] = text },
            }
        );

    public static NewMessage ToolCall(params string[] ids) =>
        new()
        {
            Role = MessageRoles.Assistant,
            Contents =
                "["
                + string.Join(',', ids.Select(id => $$$"""{"$type":"functionCall","callId":"{{{id}}}","name":"f","arguments":{}}"""))
                + "]",
        };

    public static NewMessage ToolResult(params string[] ids) =>
        new()
        {
            Role = MessageRoles.Tool,
            Contents = "[" + string.Join(',', ids.Select(id => $$"""{"$type":"functionResult","callId":"{{id}}","result":1}""")) + "]",
        };

    public static Turn Turn(string id, params NewMessage[] messages) => new() { TurnId = id, Messages = [.. messages] };
}
