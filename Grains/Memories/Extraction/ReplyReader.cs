using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>Reads what a model replied, whatever it is.</summary>
/// <remarks>
/// It looks for the first JSON object that has <c>changes</c>. What stands around it does not matter (prose, a code fence, a wrapping
/// object), nor do trailing commas and comments. Everything else must be right: one change of a wrong form, and nothing of the reply
/// counts.
/// </remarks>
internal static class ReplyReader
{
    /// <summary>The longest reply, in characters.</summary>
    public const int MaxReplyLength = 256 * 1024;

    /// <summary>It is longer than that.</summary>
    public const string TooLong = "It is too long.";

    /// <summary>There is no such object.</summary>
    public const string NoObject = "It has no complete JSON object with the property \"changes\".";

    /// <summary>The list is none, or holds something else.</summary>
    public const string NoChanges = "\"changes\" is not an array of objects.";

    /// <summary>A change has a property of a wrong type.</summary>
    public const string WrongType =
        "A change has no \"action\", or \"action\", \"fact\" or \"text\" is not a string, or \"turns\" is not an array of strings.";

    /// <summary>A string is no valid text.</summary>
    public const string NoText = "It has strings that are not valid Unicode.";

    private const int MaxStarts = 32;

    private static readonly JsonReaderOptions Tolerant = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 16,
    };

    /// <summary>Reads a reply.</summary>
    /// <param name="text">The reply.</param>
    /// <returns>Its changes, or why it cannot be read.</returns>
    public static ReplyReading Read(string text)
    {
        if (text.Length > MaxReplyLength)
        {
            return new([], TooLong);
        }

        byte[] reply = Encoding.UTF8.GetBytes(text);
        int start = -1;
        for (int starts = 0; starts < MaxStarts; starts++)
        {
            int next = reply.AsSpan(start + 1).IndexOf((byte)'{');
            if (next < 0)
            {
                break;
            }

            start += next + 1;
            if (TryReadObject(reply.AsSpan(start), out ReplyReading reading))
            {
                return reading;
            }
        }

        return new([], NoObject);
    }

    private static bool TryReadObject(ReadOnlySpan<byte> text, out ReplyReading reading)
    {
        reading = default;
        try
        {
            var reader = new Utf8JsonReader(text, Tolerant);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (!document.RootElement.TryGetProperty("changes", out JsonElement changes))
            {
                return false;
            }

            reading = ReadChanges(changes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string with half of a pair of surrogates, as an escape.
            reading = new([], NoText);
            return true;
        }
    }

    private static ReplyReading ReadChanges(JsonElement changes)
    {
        if (changes.ValueKind != JsonValueKind.Array || changes.EnumerateArray().Any(change => change.ValueKind != JsonValueKind.Object))
        {
            return new([], NoChanges);
        }

        ImmutableArray<ReplyChange>.Builder read = ImmutableArray.CreateBuilder<ReplyChange>(changes.GetArrayLength());
        foreach (JsonElement change in changes.EnumerateArray())
        {
            if (!TryReadChange(change, out ReplyChange? one))
            {
                return new([], WrongType);
            }

            read.Add(one);
        }

        return new(read.DrainToImmutable(), null);
    }

    private static bool TryReadChange(JsonElement change, [NotNullWhen(true)] out ReplyChange? read)
    {
        read = null;
        if (
            !TryReadString(change, "action", out string? action)
            || action is null
            || !TryReadString(change, "fact", out string? fact)
            || !TryReadString(change, "text", out string? text)
            || !TryReadStrings(change, "turns", out ImmutableArray<string> turns)
        )
        {
            return false;
        }

        read = new ReplyChange(ToAction(action), fact, text, turns);
        return true;
    }

    private static ReplyAction ToAction(string action) =>
        action.Trim().ToUpperInvariant() switch
        {
            "ADD" => ReplyAction.Add,
            "UPDATE" => ReplyAction.Update,
            "RETIRE" or "DELETE" => ReplyAction.Retire,
            _ => ReplyAction.Other,
        };

    private static bool TryReadString(JsonElement change, string name, out string? value)
    {
        value = null;
        if (!change.TryGetProperty(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        value = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return value is not null;
    }

    private static bool TryReadStrings(JsonElement change, string name, out ImmutableArray<string> values)
    {
        values = [];
        if (!change.TryGetProperty(name, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (element.ValueKind != JsonValueKind.Array || element.EnumerateArray().Any(value => value.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        values = [.. element.EnumerateArray().Select(value => value.GetString()!)];
        return true;
    }
}
