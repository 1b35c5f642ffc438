using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Refuses what must not enter a batch: everything that a store would refuse is found here, with the name of the part that is wrong.
/// </summary>
/// <param name="options">The limits.</param>
internal sealed class TurnValidation(ConversationOptions options)
{
    /// <summary>Checks a turn.</summary>
    /// <exception cref="InvalidRequestException">Something is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">Something is over its limit.</exception>
    public PreparedTurn Prepare(Turn turn)
    {
        if (turn is null)
        {
            throw new InvalidRequestException("turn", "turn is missing.");
        }

        turn = WithoutDefaults(turn);
        TextRules.Require(turn.TurnId, "turnId", TextRules.MaxNameBytes);
        if (turn.Fingerprint is not null)
        {
            TextRules.Require(turn.Fingerprint, "fingerprint", TextRules.MaxFingerprintBytes);
        }

        if (turn.ExpectedVersion < 0)
        {
            throw new InvalidRequestException("expectedVersion", "expectedVersion must be 0 (no conversation yet) or more.");
        }

        if (turn.KeepLast < 0)
        {
            throw new InvalidRequestException("keepLast", "keepLast must be 0 or more.");
        }

        if (
            turn.Messages.IsEmpty
            && turn.EntryWrites.IsEmpty
            && turn.EntryDeletes.IsEmpty
            && turn.Settings is null
            && turn.KeepLast is null
            && turn.DeleteSequences.IsEmpty
        )
        {
            throw new InvalidRequestException(
                "turn",
                "The turn is empty. It must have messages, entries, settings, keepLast or deleteSequences."
            );
        }

        CheckDeletion(turn);

        ImmutableArray<PreparedMessage> messages = CheckMessages(turn.Messages);
        long bytes =
            messages.Sum(message => (long)message.Bytes) + CheckEntries(turn) + new ConditionValidation(options).Check(turn.Conditions);
        if (bytes > options.MaxTurnBytes)
        {
            throw new PayloadTooLargeException("turn", bytes, options.MaxTurnBytes, "bytes");
        }

        if (turn.Settings is { } settings)
        {
            CheckSettings(settings.Values);
        }

        if (turn.InitialSettings is { } initial)
        {
            CheckSettings(initial);
        }

        return new PreparedTurn(turn, PayloadHash.Of(turn), messages) { AbsentIds = ConditionCheck.AbsentIds(turn) };
    }

    /// <summary>Checks settings.</summary>
    public static void CheckSettings(ConversationSettings settings)
    {
        if (settings is null)
        {
            throw new InvalidRequestException("settings", "settings has no values.");
        }

        CheckOwner(settings.UserId, "userId");
        CheckOwner(settings.AgentId, "agentId");
        TextRules.Allow(settings.Title, "title", TextRules.MaxTitleBytes);
        if (settings.Metadata is { } metadata)
        {
            JsonRules.Check(metadata, "metadata", JsonTokenType.StartObject, MaxMetadataBytes);
            if (HasUnstorableEscape(metadata))
            {
                throw new InvalidRequestException(
                    "metadata",
                    "metadata of a conversation must not contain U+0000 or unpaired surrogates: it is searched by the database."
                );
            }
        }

        CheckTimeToLive(settings.TimeToLive?.Duration, "ttl");
    }

    /// <summary>Checks one message.</summary>
    /// <param name="path">Which part of the request it is.</param>
    /// <returns>The measured message.</returns>
    public PreparedMessage CheckMessage(NewMessage message, MessagePath path)
    {
        if (message is null)
        {
            throw new InvalidRequestException(path.Message, $"{path.Message} is null.");
        }

        if (!MessageRoles.IsKnown(message.Role))
        {
            throw new InvalidRequestException(path.Role, $"{path.Role} must be one of system, user, assistant, tool.");
        }

        TextRules.Allow(message.Author, path.Author, TextRules.MaxNameBytes);
        if (message.Id is not null)
        {
            TextRules.Require(message.Id, path.Id, TextRules.MaxNameBytes);
        }

        (int bytes, ToolLinks? tools) = JsonRules.CheckContents(message.Contents, path.Contents, options.MaxMessageBytes);
        if (message.Metadata is not null)
        {
            bytes += JsonRules.Check(message.Metadata, path.Metadata, JsonTokenType.StartObject, options.MaxMessageBytes);
        }

        return bytes > options.MaxMessageBytes
            ? throw new PayloadTooLargeException(path.Message, bytes, options.MaxMessageBytes, "bytes")
            : new PreparedMessage(message, bytes, tools);
    }

    /// <summary>Checks the name and value of an entry.</summary>
    /// <param name="path">Which part of the request it is.</param>
    /// <returns>The bytes of the value, in UTF-8.</returns>
    public int CheckEntry(string space, string key, string value, string path)
    {
        TextRules.RequireName(space, $"{path}.space", TextRules.MaxNameBytes);
        TextRules.RequireName(key, $"{path}.key", TextRules.MaxKeyBytes);
        return JsonRules.Check(value, $"{path}.value", JsonTokenType.None, options.MaxEntryBytes);
    }

    private static void CheckOwner(string? name, string parameter)
    {
        if (name is not null)
        {
            TextRules.RequireName(name, parameter, TextRules.MaxNameBytes);
        }
    }

    private const int MaxMetadataBytes = 64 * 1024;

    private ImmutableArray<PreparedMessage> CheckMessages(ImmutableArray<NewMessage> messages)
    {
        if (messages.Length > options.MaxTurnMessages)
        {
            throw new PayloadTooLargeException("messages", messages.Length, options.MaxTurnMessages, "messages");
        }

        ImmutableArray<PreparedMessage>.Builder prepared = ImmutableArray.CreateBuilder<PreparedMessage>(messages.Length);
        for (int i = 0; i < messages.Length; i++)
        {
            prepared.Add(CheckMessage(messages[i], MessagePath.Of(i)));
        }

        return prepared.MoveToImmutable();
    }

    private void CheckDeletion(Turn turn)
    {
        if (!turn.DeleteSequences.IsEmpty && turn.KeepLast is not null)
        {
            throw new InvalidRequestException(
                "deleteSequences",
                "A turn has either keepLast or deleteSequences. Truncate in a turn of its own."
            );
        }

        if (turn.DeleteSequences.Length > options.MaxTurnMessages)
        {
            throw new PayloadTooLargeException("deleteSequences", turn.DeleteSequences.Length, options.MaxTurnMessages, "messages");
        }
    }

    private long CheckEntries(Turn turn)
    {
        int count = turn.EntryWrites.Length + turn.EntryDeletes.Length;
        if (count > options.MaxEntries * 2L)
        {
            throw new PayloadTooLargeException("entries", count, options.MaxEntries * 2L, "entries");
        }

        long bytes = 0;
        for (int i = 0; i < turn.EntryWrites.Length; i++)
        {
            string path = FormattableString.Invariant($"entries[{i}]");
            EntryWrite write = turn.EntryWrites[i] ?? throw new InvalidRequestException(path, $"{path} is null.");
            bytes += CheckEntry(write.Space, write.Key, write.Value, path);
            CheckTimeToLive(write.TimeToLive, $"{path}.ttl");
            if (write.KeepsExpiry && write.TimeToLive is not null)
            {
                throw new InvalidRequestException($"{path}.ttl", $"{path}.ttl must be absent where the entry keeps its expiry.");
            }
        }

        for (int i = 0; i < turn.EntryDeletes.Length; i++)
        {
            string path = FormattableString.Invariant($"entryDeletes[{i}]");
            EntryDelete delete = turn.EntryDeletes[i] ?? throw new InvalidRequestException(path, $"{path} is null.");
            TextRules.Require(delete.Space, $"{path}.space", TextRules.MaxNameBytes);
            if (delete.Key is not null)
            {
                TextRules.Require(delete.Key, $"{path}.key", TextRules.MaxKeyBytes);
            }
        }

        return bytes;
    }

    private static void CheckTimeToLive(TimeSpan? duration, string parameter)
    {
        if (duration is { } given && (given < Instants.ShortestTimeToLive || given > Instants.LongestTimeToLive))
        {
            throw new InvalidRequestException(parameter, $"{parameter} must be one microsecond to {Instants.LongestTimeToLive.Days} days.");
        }
    }

    /// <summary>Looks for escapes of U+0000 and of surrogates, paired ones included where a pair is not written as one.</summary>
    private static bool HasUnstorableEscape(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Unstorable(document.RootElement);
    }

    private static bool Unstorable(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Any(property => Unstorable(() => property.Name) || Unstorable(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().Any(Unstorable),
            JsonValueKind.String => Unstorable(() => element.GetString()!),
            _ => false,
        };

    private static bool Unstorable(Func<string> text)
    {
        try
        {
            return text().Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json refuses to make a string of an unpaired surrogate.
            return true;
        }
    }

    /// <summary>A contract that was read from an older or foreign wire form may have arrays that were never set.</summary>
    private static Turn WithoutDefaults(Turn turn) =>
        turn.Messages.IsDefault
        || turn.EntryWrites.IsDefault
        || turn.EntryDeletes.IsDefault
        || turn.DeleteSequences.IsDefault
        || turn.Conditions.IsDefault
            ? turn with
            {
                Messages = turn.Messages.IsDefault ? [] : turn.Messages,
                EntryWrites = turn.EntryWrites.IsDefault ? [] : turn.EntryWrites,
                EntryDeletes = turn.EntryDeletes.IsDefault ? [] : turn.EntryDeletes,
                DeleteSequences = turn.DeleteSequences.IsDefault ? [] : turn.DeleteSequences,
                Conditions = turn.Conditions.IsDefault ? [] : turn.Conditions,
            }
            : turn;
}
