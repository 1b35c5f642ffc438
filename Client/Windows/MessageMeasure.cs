using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>Measures messages: tokens of every text that a model sees, and its bytes in UTF-8.</summary>
internal ref struct MessageMeasure
{
    private static readonly JsonTypeInfo<AIContent> Content = (JsonTypeInfo<AIContent>)ChatMessageFormat.Default.Options.GetTypeInfo(typeof(AIContent));

    private readonly Func<string, int> _countTokens;
    private long _tokens;
    private long _bytes;

    private MessageMeasure(Func<string, int> countTokens) => _countTokens = countTokens;

    /// <summary>Measures a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    /// <returns>Its size.</returns>
    public static WindowSize Of(ChatMessage message, Func<string, int> countTokens)
    {
        var measure = new MessageMeasure(countTokens) { _tokens = TokenEstimate.PerMessage, _bytes = message.Role.Value.Length };
        measure.Add(message.AuthorName);
        foreach (AIContent content in message.Contents)
        {
            measure.Add(content);
        }

        return new WindowSize(1, measure._tokens, measure._bytes);
    }

    /// <summary>Measures contents that are known as JSON only.</summary>
    /// <param name="json">The contents.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    /// <returns>The size of a message with these contents.</returns>
    public static WindowSize OfJson(string json, Func<string, int> countTokens)
    {
        var measure = new MessageMeasure(countTokens) { _tokens = TokenEstimate.PerMessage };
        measure.Add(json);
        return new WindowSize(1, measure._tokens, measure._bytes);
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
            case FunctionResultContent { Result: string result } answer:
                _tokens += TokenEstimate.PerToolUse;
                Add(answer.CallId);
                Add(result);
                break;
            default:
                _tokens += content is ToolCallContent or ToolResultContent ? TokenEstimate.PerToolUse : 0;
                Add(Write(content));
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

    private static string Write(AIContent content)
    {
        try
        {
            return JsonSerializer.Serialize(content, Content);
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException)
        {
            // A type of the caller's own that these options do not know: its derived form counts where the caller registered one, else it is only named.
            return content.GetType().Name;
        }
    }
}
