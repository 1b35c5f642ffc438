using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>
/// Remembers how responses, messages and updates looked when a model handed them out. They belong to the model: whoever changes one
/// afterwards may change what another client between the model and the caller still reads.
/// </summary>
/// <remarks>
/// What the function-invoking client of Microsoft.Extensions.AI does to the answers of its own inner client counts as no change: it sets
/// <see cref="FunctionCallContent.InformationalOnly"/>, puts approval requests around calls, and gives a response other lists of messages.
/// </remarks>
internal sealed class HandedOut
{
    private readonly Lock _lock = new();
    private readonly List<(Func<string> Look, string Then)> _notes = [];

    /// <summary>Remembers a response and its messages.</summary>
    /// <returns>The same response.</returns>
    public ChatResponse Note(ChatResponse response)
    {
        Add(() =>
            $"response {response.ResponseId} of {response.ConversationId}, {response.ModelId}, {response.FinishReason}, {response.CreatedAt:O}, "
            + Of(response.AdditionalProperties)
        );
        foreach (ChatMessage message in response.Messages)
        {
            Add(() =>
                $"message {message.MessageId} of {message.Role} {message.AuthorName}, {message.CreatedAt:O}, "
                + $"{Of(message.AdditionalProperties)}: {Of(message.Contents)}"
            );
        }

        return response;
    }

    /// <summary>Remembers an update.</summary>
    /// <returns>The same update.</returns>
    public ChatResponseUpdate Note(ChatResponseUpdate update)
    {
        Add(() =>
            $"update {update.MessageId} of {update.ResponseId} of {update.ConversationId}, {update.Role} {update.AuthorName}, {update.ModelId}, "
            + $"{update.FinishReason}, {update.CreatedAt:O}, {Of(update.AdditionalProperties)}: {Of(update.Contents)}"
        );
        return update;
    }

    /// <summary>Fails when something that was handed out has been changed since.</summary>
    /// <exception cref="HandedOutChangedException">It has.</exception>
    public void DemandUnchanged()
    {
        lock (_lock)
        {
            foreach ((Func<string> look, string then) in _notes)
            {
                string now = look();
                if (!string.Equals(now, then, StringComparison.Ordinal))
                {
                    throw new HandedOutChangedException(then, now);
                }
            }
        }
    }

    private void Add(Func<string> look)
    {
        string now = look();
        lock (_lock)
        {
            _notes.Add((look, now));
        }
    }

    private static string Of(IEnumerable<AIContent> contents) => string.Join("; ", contents.Select(Of));

    private static string Of(AIContent? content) =>
        content switch
        {
            null => "nothing",
            ToolApprovalRequestContent { ToolCall: FunctionCallContent call } => Of(call),
            FunctionCallContent call => $"call {call.CallId} of {call.Name}, {Of(call.AdditionalProperties)}",
            FunctionResultContent result => $"result {result.CallId}, {Of(result.AdditionalProperties)}",
            TextContent text => $"text {text.Text}, {Of(text.AdditionalProperties)}",
            DataContent data => $"data {data.MediaType} of {data.Data.Length}, {Of(data.AdditionalProperties)}",
            _ => $"{content.GetType().Name}, {Of(content.AdditionalProperties)}",
        };

    private static string Of(AdditionalPropertiesDictionary? properties) =>
        properties is null
            ? "none"
            : string.Join(
                ' ',
                properties
                    .OrderBy(property => property.Key, StringComparer.Ordinal)
                    .Select(property => $"{property.Key}={(property.Value is JsonElement json ? json.GetRawText() : property.Value)}")
            );
}
