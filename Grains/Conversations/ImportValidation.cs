using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Refuses imports that could not have been exported.</summary>
internal static class ImportValidation
{
    public static void Check(ImportStart start, TurnValidation validation, ConversationOptions options)
    {
        if (start is null)
        {
            throw new InvalidRequestException("import", "import is missing.");
        }

        TurnValidation.CheckSettings(start.Settings);
        if (start.FirstSequence < 1 || start.LastSequence < start.FirstSequence - 1)
        {
            throw new InvalidRequestException(
                "firstSequence",
                "firstSequence must be 1 or more, and lastSequence at least one less than it."
            );
        }

        ImmutableArray<Entry> entries = start.Entries.IsDefault ? [] : start.Entries;
        if (entries.Length > options.MaxEntries)
        {
            throw new PayloadTooLargeException("entries", entries.Length, options.MaxEntries, "entries");
        }

        var names = new HashSet<EntryName>();
        long bytes = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            string path = FormattableString.Invariant($"entries[{i}]");
            Entry entry = entries[i] ?? throw new InvalidRequestException(path, $"{path} is null.");
            bytes += validation.CheckEntry(entry.Space, entry.Key, entry.Value, path);
            if (!names.Add(new EntryName(entry.Space, entry.Key)))
            {
                throw new InvalidRequestException(path, $"{path} names an entry that came before it.");
            }
        }

        if (bytes > options.MaxEntriesBytes)
        {
            throw new PayloadTooLargeException("entries", bytes, options.MaxEntriesBytes, "bytes");
        }
    }

    /// <summary>The entries that have not expired, with their expiry as it is kept.</summary>
    public static ImmutableArray<Entry> Keep(ImmutableArray<Entry> entries, DateTimeOffset now) =>
        entries.IsDefault
            ? []
            :
            [
                .. entries
                    .Where(entry => !(entry.ExpiresAt <= now))
                    .Select(entry => entry.ExpiresAt is { } expires ? entry with { ExpiresAt = Instants.Kept(expires) } : entry),
            ];

    public static List<MessageRow> CheckChunk(ImmutableArray<Message> messages, TurnValidation validation, ConversationOptions options)
    {
        if (messages.IsDefaultOrEmpty)
        {
            return [];
        }

        // Clients of earlier builds count a chunk's bytes in characters of up to three bytes.
        int mostMessages = Math.Max(options.MaxTurnMessages, ImportChunk.Messages);
        long mostBytes = Math.Max(options.MaxTurnBytes, (3L * ImportChunk.Bytes) + options.MaxMessageBytes);
        if (messages.Length > mostMessages)
        {
            throw new PayloadTooLargeException("messages", messages.Length, mostMessages, "messages");
        }

        var rows = new List<MessageRow>(messages.Length);
        long bytes = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            MessagePath path = MessagePath.Of(i);
            Message message = messages[i] ?? throw new InvalidRequestException(path.Message, $"{path.Message} is null.");
            if (i > 0 && message.Sequence != messages[i - 1].Sequence + 1)
            {
                throw new InvalidRequestException(
                    path.Message + ".sequence",
                    $"{path.Message}.sequence must be one more than that of the message before it."
                );
            }

            TextRules.Require(message.Id, path.Id, TextRules.MaxNameBytes);
            PreparedMessage prepared = validation.CheckMessage(
                new NewMessage
                {
                    Id = message.Id,
                    Role = message.Role,
                    Author = message.Author,
                    Contents = message.Contents,
                    Metadata = message.Metadata,
                },
                path
            );
            bytes += prepared.Bytes;
            rows.Add(new MessageRow(message with { Created = Instants.Kept(message.Created) }, prepared.Bytes, prepared.Tools));
        }

        return bytes <= mostBytes ? rows : throw new PayloadTooLargeException("messages", bytes, mostBytes, "bytes");
    }
}
