using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>Measures messages: tokens of every text that a model sees, and its bytes in UTF-8.</summary>
internal ref struct MessageMeasure
{
    private readonly Func<string, int> _countTokens;
    private long _tokens;
    private long _bytes;

    private MessageMeasure(Func<string, int> countTokens) => _countTokens = countTokens;

    /// <summary>Measures a message.</summary>
    public static WindowSize Of(ChatMessage message, Func<string, int> countTokens) =>
        message.Contents.Aggregate(Frame(message, countTokens), (size, content) => size + Of(content, countTokens));

    /// <summary>Measures what a message has beside its contents.</summary>
    /// <returns>The size of the message without contents.</returns>
    public static WindowSize Frame(ChatMessage message, Func<string, int> countTokens) =>
        Frame(message.Role.Value, message.AuthorName, countTokens);

    /// <summary>Measures what a message has beside its contents.</summary>
    /// <param name="author">Its author; <see langword="null"/> when it names none.</param>
    /// <returns>The size of the message without contents.</returns>
    public static WindowSize Frame(string role, string? author, Func<string, int> countTokens)
    {
        var measure = new MessageMeasure(countTokens) { _tokens = TokenEstimate.PerMessage, _bytes = role.Length };
        measure.Add(author);
        return new WindowSize(1, measure._tokens, measure._bytes);
    }

    /// <summary>Measures a content.</summary>
    /// <returns>Its size, of no message.</returns>
    public static WindowSize Of(AIContent content, Func<string, int> countTokens)
    {
        var measure = new MessageMeasure(countTokens);
        measure.Add(content);
        return new WindowSize(0, measure._tokens, measure._bytes);
    }

    /// <summary>Measures a text: a content that is known as JSON only, or an id.</summary>
    /// <returns>Its size, of no message.</returns>
    public static WindowSize Of(string text, Func<string, int> countTokens)
    {
        var measure = new MessageMeasure(countTokens);
        measure.Add(text);
        return new WindowSize(0, measure._tokens, measure._bytes);
    }

    private void Add(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _tokens += _countTokens(text);
            _bytes += Encoding.UTF8.GetByteCount(text);
        }
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Add(text.Text);
                break;
            case TextReasoningContent reasoning:
                Add(reasoning.Text);
                Add(reasoning.ProtectedData);
                break;
            case DataContent data:
                AddData(data);
                break;
            case UriContent uri:
                Add(uri.Uri.OriginalString);
                _tokens += uri.HasTopLevelMediaType("image") ? TokenEstimate.PerImage : 0;
                break;
            case ErrorContent error:
                Add(error.Message);
                Add(error.ErrorCode);
                Add(error.Details);
                break;
            case UsageContent:
                break;
            case FunctionCallContent call:
                _tokens += TokenEstimate.PerToolUse;
                Add(call.CallId);
                Add(call.Name);
                Add(call.Arguments is { } arguments ? Write(arguments, typeof(IDictionary<string, object?>)) : null);
                break;
            case FunctionResultContent answer:
                _tokens += TokenEstimate.PerToolUse;
                Add(answer.CallId);
                AddResult(answer.Result);
                break;
            default:
                _tokens += content is ToolCallContent or ToolResultContent ? TokenEstimate.PerToolUse : 0;
                Add(Write(content, typeof(AIContent)));
                break;
        }
    }

    /// <summary>A result may be contents, images among them, which a model is given as such.</summary>
    private void AddResult(object? result)
    {
        switch (result)
        {
            case AIContent content:
                Add(content);
                break;
            case IEnumerable<AIContent> contents:
                foreach (AIContent content in contents)
                {
                    Add(content);
                }

                break;
            default:
                Add(Text(result));
                break;
        }
    }

    /// <summary>An image has a price of its own; other data is taken for text in Base64, which no tokenizer is asked to read.</summary>
    private void AddData(DataContent data)
    {
        long length = 4 * ((data.Data.Length + 2L) / 3);
        _bytes += length;
        _tokens += data.HasTopLevelMediaType("image") ? TokenEstimate.PerImage : (length + 3) / 4;
        Add(data.Name);
    }

    /// <summary>A result measures the same before it is stored and after it has been read.</summary>
    private static string? Text(object? result) =>
        result switch
        {
            null => null,
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } element => Json.JsonText.Read(element),
            JsonElement element => element.GetRawText(),
            _ => Write(result, result.GetType()),
        };

    private static string Write(object value, Type type)
    {
        try
        {
            return JsonSerializer.Serialize(value, ChatMessageFormat.Default.Options.GetTypeInfo(type));
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException)
        {
            // Of a type that only the caller's own options know: it is named, and no more can be said of it.
            return value.GetType().Name;
        }
    }
}
