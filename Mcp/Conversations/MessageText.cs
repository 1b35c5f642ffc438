using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Conversations;

/// <summary>What a message says, as one text: what is no text stands in brackets.</summary>
internal static class MessageText
{
    /// <summary>The text of a message.</summary>
    /// <param name="options">How arguments and results of tools are written.</param>
    /// <returns>The text, which every JSON library can write.</returns>
    public static string Of(ChatMessage message, JsonSerializerOptions options)
    {
        var text = new StringBuilder();
        foreach (AIContent content in message.Contents)
        {
            string part = Of(content, options);
            if (part.Length > 0)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(part);
            }
        }

        return Fence.Clean(text.ToString())!;
    }

    private static string Of(AIContent content, JsonSerializerOptions options) =>
        content switch
        {
            TextContent text => text.Text,
            TextReasoningContent reasoning => reasoning.Text.Length == 0 ? "" : $"[reasoning: {reasoning.Text}]",
            FunctionCallContent call => $"[call of {call.Name}: {Write(call.Arguments, options)}]",
            FunctionResultContent result => $"[result: {Said(result.Result) ?? Write(result.Result, options)}]",
            ErrorContent error => $"[error: {error.Message}]",
            DataContent data => $"[{data.MediaType}]",
            UriContent uri => $"[{uri.MediaType}: {uri.Uri}]",
            UsageContent => "",
            _ => $"[{content.GetType().Name}]",
        };

    private static string? Said(object? result) =>
        result is JsonElement { ValueKind: JsonValueKind.String } json ? JsonText.Read(json) : result as string;

    private static string Write(object? value, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Serialize(value, options);
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException)
        {
            return "cannot be shown";
        }
    }
}
