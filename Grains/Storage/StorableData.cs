using System.Text;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Tells which data PostgreSQL refuses: text is Unicode without U+0000, JSON is JSON. The store in memory asks before it writes, so that
/// what works there works in PostgreSQL; the store in PostgreSQL asks after a refusal, whether the data or the statement was wrong.
/// </summary>
internal static class StorableData
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks all that a turn would write.</summary>
    /// <exception cref="InvalidRequestException">Some of it cannot be stored.</exception>
    public static void Check(TurnCommit commit)
    {
        CheckText(commit.TurnId);
        Check(commit.Messages);
        Check(commit.EntryWrites);
        foreach (EntryName name in commit.EntryDeletes)
        {
            CheckText(name.Space);
            CheckText(name.Key);
        }

        if (commit.Settings is { } settings)
        {
            Check(settings);
        }
    }

    /// <summary>Checks settings.</summary>
    /// <exception cref="InvalidRequestException">Some of it cannot be stored.</exception>
    public static void Check(ConversationSettings settings)
    {
        CheckText(settings.UserId);
        CheckText(settings.AgentId);
        CheckText(settings.Title);
        CheckJson(settings.Metadata);
    }

    /// <summary>Checks entries.</summary>
    /// <exception cref="InvalidRequestException">Some of it cannot be stored.</exception>
    public static void Check(IReadOnlyCollection<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            CheckText(entry.Space);
            CheckText(entry.Key);
            CheckJson(entry.Value);
        }
    }

    /// <summary>Checks messages.</summary>
    /// <exception cref="InvalidRequestException">Some of it cannot be stored.</exception>
    public static void Check(IReadOnlyCollection<MessageRow> rows)
    {
        foreach (MessageRow row in rows)
        {
            CheckText(row.Message.Id);
            CheckText(row.Message.Role);
            CheckText(row.Message.Author);
            CheckJson(row.Message.Contents);
            CheckJson(row.Message.Metadata);
        }
    }

    private static void CheckText(string? text)
    {
        if (text is not null && (text.Contains('\0', StringComparison.Ordinal) || !IsUnicode(text)))
        {
            throw Refusal();
        }
    }

    private static void CheckJson(string? json)
    {
        if (json is null)
        {
            return;
        }

        if (!IsUnicode(json))
        {
            throw Refusal();
        }

        var reader = new Utf8JsonReader(Strict.GetBytes(json), new JsonReaderOptions { MaxDepth = 1_000 });
        try
        {
            while (reader.Read()) { }
        }
        catch (JsonException)
        {
            throw Refusal();
        }
    }

    private static bool IsUnicode(string text)
    {
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            int plain = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (plain < 0)
            {
                return true;
            }

            rest = rest[plain..];
            if (rest.Length < 2 || !char.IsSurrogatePair(rest[0], rest[1]))
            {
                return false;
            }

            rest = rest[2..];
        }

        return true;
    }

    private static InvalidRequestException Refusal() =>
        new("turn", "The store refused the data. Text must be valid Unicode without U+0000, and JSON must be well-formed.");
}
