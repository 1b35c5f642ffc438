using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// What may be staged: the rules by which the grain refuses a turn, so that a tool is told at once, and not the caller after the model has
/// been paid.
/// </summary>
internal static class StagingRules
{
    private const int MaxNameBytes = 256;
    private const int MaxTitleBytes = 1_024;
    private const int MaxMetadataBytes = 64 * 1024;
    private static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(36_500);

    /// <summary>Checks an entry.</summary>
    /// <param name="limits">The limits; <see langword="null"/> when they are not known yet.</param>
    /// <exception cref="InvalidRequestException">Something of it is not valid.</exception>
    /// <exception cref="JsonTooDeepException">Its value is nested too deep.</exception>
    /// <exception cref="PayloadTooLargeException">Its value is too large.</exception>
    public static void Check(EntryWrite write, TurnLimits? limits)
    {
        CheckName(write.Space, write.Key);
        EntryNames.RefuseSteps(write.Space, "space");
        EntryNames.RefuseSteps(write.Key, "key");
        WellFormedText.Require(write.Value, "json");
        int bytes = Encoding.UTF8.GetByteCount(write.Value);
        if (bytes > limits?.MaxEntryBytes)
        {
            throw new PayloadTooLargeException("json", bytes, limits.MaxEntryBytes, "bytes");
        }

        CheckJson(write.Value, "json", "The value of an entry must be valid JSON; a text stands in quotes.").Dispose();
        CheckTimeToLive(write.TimeToLive, "timeToLive");
    }

    /// <summary>Checks the name of an entry, or of a space.</summary>
    /// <param name="key">The key; <see langword="null"/> for a whole space.</param>
    /// <exception cref="InvalidRequestException">One of them is not valid, or the space is that of a tool journal.</exception>
    public static void CheckName([NotNull] string? space, string? key)
    {
        EntryNames.RequireText(space, "space", MaxNameBytes);
        if (space.StartsWith(EntrySpaces.ToolJournalPrefix, StringComparison.Ordinal))
        {
            throw new InvalidRequestException(
                "space",
                $"Spaces that start with {EntrySpaces.ToolJournalPrefix} belong to the journals of tools."
            );
        }

        if (key is not null)
        {
            EntryNames.RequireText(key, "key", EntryNames.MaxKeyBytes);
        }
    }

    /// <summary>Checks a change of settings.</summary>
    /// <param name="limits">The limits; <see langword="null"/> when they are not known yet.</param>
    /// <exception cref="InvalidRequestException">
    /// A setting is not valid, or the tenant requires a user and the change takes it away.
    /// </exception>
    /// <exception cref="JsonTooDeepException">The metadata are nested too deep.</exception>
    /// <exception cref="PayloadTooLargeException">The metadata are too large.</exception>
    public static void Check(SettingsChange change, TurnLimits? limits)
    {
        if (change.Values is not { } values)
        {
            throw new InvalidRequestException("settings", "A change of settings has no values.");
        }

        CheckOwner(values.UserId, "userId");
        CheckOwner(values.AgentId, "agentId");
        if (change.Fields.HasFlag(SettingsFields.UserId) && values.UserId is null && limits is { RequiresUser: true })
        {
            throw new InvalidRequestException("userId", "This tenant requires that every conversation names its user.");
        }

        if (values.Title is { Length: > 0 } title)
        {
            EntryNames.RequireText(title, "title", MaxTitleBytes);
        }

        if (values.Metadata is { } metadata)
        {
            CheckMetadata(metadata);
        }

        CheckTimeToLive(values.TimeToLive?.Duration, "ttl");
    }

    private static void CheckMetadata(string metadata)
    {
        WellFormedText.Require(metadata, "metadata");
        int bytes = Encoding.UTF8.GetByteCount(metadata);
        if (bytes > MaxMetadataBytes)
        {
            throw new PayloadTooLargeException("metadata", bytes, MaxMetadataBytes, "bytes");
        }

        using JsonDocument document = CheckJson(metadata, "metadata", "metadata must be a JSON object.");
        if (document.RootElement.ValueKind != JsonValueKind.Object || !IsSearchable(document.RootElement))
        {
            throw new InvalidRequestException(
                "metadata",
                "metadata must be a JSON object without U+0000 and unpaired surrogates, escaped ones too."
            );
        }
    }

    private static void CheckOwner(string? name, string parameter)
    {
        if (name is not null)
        {
            EntryNames.RequireText(name, parameter, MaxNameBytes);
            EntryNames.RefuseSteps(name, parameter);
        }
    }

    private static void CheckTimeToLive(TimeSpan? duration, string parameter)
    {
        if (duration < ShortestTimeToLive || duration > LongestTimeToLive)
        {
            throw new InvalidRequestException(
                parameter,
                $"A time to live must be one microsecond to {LongestTimeToLive.Days} days; null: it does not expire."
            );
        }
    }

    private static JsonDocument CheckJson(string json, string parameter, string advice)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonDepth.MaxStored });
        }
        catch (JsonException)
        {
            throw JsonTooDeepException.Find(Encoding.UTF8.GetBytes(json), parameter, JsonDepth.MaxStored)
                ?? (Exception)new InvalidRequestException(parameter, advice);
        }
    }

    private static bool IsSearchable(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .All(property => IsText(JsonText.ReadName(property)) && IsSearchable(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().All(IsSearchable),
            JsonValueKind.String => IsText(JsonText.Read(element)),
            _ => true,
        };

    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal) && StorableText.IsWellFormed(text);
}
