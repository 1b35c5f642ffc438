using Microsoft.Extensions.AI;

namespace OrleansMemory.Client;

/// <summary>
/// Contents that stand in the place of those that cannot be stored. A call or a result stays one, so that no pair is torn.
/// </summary>
/// <param name="format">What can be written.</param>
internal sealed class Placeholders(ChatMessageFormat format)
{
    private const string Unwritable = "not stored: it cannot be written";

    /// <summary>The name of a content's type.</summary>
    public static string NameOf(object content) => content.GetType().FullName ?? content.GetType().Name;

    /// <summary>What a placeholder says.</summary>
    public static string Say(object content) => $"[{NameOf(content)}: {Unwritable}]";

    /// <summary>A placeholder for a content that cannot be written: of the nearest type that can, with what can be written of it.</summary>
    public AIContent ForUnwritable(AIContent content)
    {
        AIContent stand = Mark(
            content switch
            {
                FunctionCallContent call => new FunctionCallContent(call.CallId, call.Name, Arguments(call))
                {
                    InformationalOnly = call.InformationalOnly,
                },
                FunctionResultContent result => new FunctionResultContent(result.CallId, Result(result)),
                ToolCallContent call => new ToolCallContent(call.CallId),
                ToolResultContent result => new ToolResultContent(result.CallId),
                TextContent text => new TextContent(text.Text),
                TextReasoningContent reasoning => new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.ProtectedData },
                DataContent data => new DataContent(data.Data, data.MediaType) { Name = data.Name },
                UriContent uri => new UriContent(uri.Uri, uri.MediaType),
                _ => new TextContent(Say(content)),
            },
            NameOf(content)
        );
        return format.TryWrite([stand], out _) ? stand : Mark(new TextContent(Say(content)), NameOf(content));
    }

    /// <summary>A placeholder for a content that is too large.</summary>
    /// <param name="bytes">Its size as JSON.</param>
    /// <param name="keptCharacters">How many characters of a text are kept.</param>
    public static AIContent ForLarge(AIContent content, long bytes, int keptCharacters)
    {
        string why = FormattableString.Invariant($"[{NameOf(content)}: not stored: {bytes} bytes are too many]");
        return Mark(
            content switch
            {
                FunctionCallContent call => new FunctionCallContent(
                    call.CallId,
                    call.Name,
                    new Dictionary<string, object?> { ["placeholder"] = why }
                )
                {
                    InformationalOnly = call.InformationalOnly,
                },
                FunctionResultContent result => new FunctionResultContent(result.CallId, why),
                ToolCallContent call => new ToolCallContent(call.CallId),
                ToolResultContent result => new ToolResultContent(result.CallId),
                TextContent text when text.Text.Length > keptCharacters => new TextContent(
                    FormattableString.Invariant($"{text.Text[..keptCharacters]} [cut: {bytes} bytes are too many]")
                ),
                _ => new TextContent(why),
            },
            NameOf(content)
        );
    }

    /// <summary>Marks a content as one that stands in the place of another one.</summary>
    /// <param name="content">The content, which must be ours to change.</param>
    /// <param name="name">The name of the other one's type.</param>
    /// <returns>The same content.</returns>
    public static AIContent Mark(AIContent content, string name)
    {
        content.AdditionalProperties = new() { [ChatMessageFormat.PlaceholderProperty] = name };
        return content;
    }

    private Dictionary<string, object?> Arguments(FunctionCallContent call)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            arguments[name] =
                value is null || format.TryWrite(new AdditionalPropertiesDictionary { [name] = value }, out _) ? value : Say(value);
        }

        return arguments;
    }

    private object? Result(FunctionResultContent result) =>
        result.Result switch
        {
            null => null,
            IEnumerable<AIContent> contents => contents
                .OfType<AIContent>()
                .Select(content => format.TryWrite([content], out _) ? content : ForUnwritable(content))
                .ToList(),
            object value => format.TryWrite(new AdditionalPropertiesDictionary { ["result"] = value }, out _) ? value : Say(value),
        };
}
