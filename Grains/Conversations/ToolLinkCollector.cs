using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Finds tool calls and results in the JSON of contents: objects whose <c>$type</c> ends in <c>Call</c> or <c>Result</c> and that have a
/// <c>callId</c>, as every such content of Microsoft.Extensions.AI does.
/// </summary>
internal sealed class ToolLinkCollector
{
    private readonly Stack<OpenObject> _open = new();
    private ImmutableArray<string>.Builder? _calls;
    private ImmutableArray<string>.Builder? _results;

    public void Visit(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _open.Push(default);
                break;
            case JsonTokenType.EndObject:
                Close(_open.Pop());
                break;
            case JsonTokenType.PropertyName when _open.Count > 0:
                _open.Push(_open.Pop() with { Current = Name(ref reader) });
                break;
            case JsonTokenType.String when _open.Count > 0 && _open.Peek().Current != Property.Other:
                OpenObject top = _open.Pop();
                string value = Text(ref reader);
                _open.Push(
                    top.Current == Property.Type
                        ? top with
                        {
                            Type = value,
                            Current = Property.Other,
                        }
                        : top with
                        {
                            CallId = value,
                            Current = Property.Other,
                        }
                );
                break;
            case JsonTokenType.StartArray when _open.Count > 0:
                _open.Push(_open.Pop() with { Current = Property.Other });
                break;
        }
    }

    public ToolLinks? ToLinks() =>
        _calls is null && _results is null ? null : new ToolLinks(_calls?.ToImmutable() ?? [], _results?.ToImmutable() ?? []);

    // ValueTextEquals resolves escapes as GetString does, and fails like it at an unpaired surrogate.
    private static Property Name(ref Utf8JsonReader reader) =>
        (reader.ValueIsEscaped ? Text(ref reader) : null) switch
        {
            null when reader.ValueTextEquals("$type"u8) => Property.Type,
            null when reader.ValueTextEquals("callId"u8) => Property.CallId,
            "$type" => Property.Type,
            "callId" => Property.CallId,
            _ => Property.Other,
        };

    /// <summary>An id with an unpaired surrogate is compared in its escaped form.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private void Close(OpenObject done)
    {
        if (done.CallId is not { } id || done.Type is not { } type)
        {
            return;
        }

        if (type.EndsWith("Call", StringComparison.Ordinal))
        {
            (_calls ??= ImmutableArray.CreateBuilder<string>()).Add(id);
        }
        else if (type.EndsWith("Result", StringComparison.Ordinal))
        {
            (_results ??= ImmutableArray.CreateBuilder<string>()).Add(id);
        }
    }

    private enum Property
    {
        Other,
        Type,
        CallId,
    }

    private readonly record struct OpenObject(Property Current, string? Type, string? CallId);
}
