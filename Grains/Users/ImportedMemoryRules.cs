using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Users;

/// <summary>What an imported memory may be.</summary>
internal static class ImportedMemoryRules
{
    private const int MaxEvents = 1_000;
    private const int IdLength = 32;

    /// <summary>Refuses a memory that could not have been exported.</summary>
    /// <param name="user">For whom it is.</param>
    /// <param name="path">Where in the request it is.</param>
    /// <param name="options">The limits of memories.</param>
    /// <exception cref="InvalidRequestException">It is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">It is too large.</exception>
    public static void Check(MemoryRecord? record, UserKey user, string path, MemoryOptions options)
    {
        if (record?.Fact is not { } fact)
        {
            throw new InvalidRequestException(path, $"{path} is missing.");
        }

        if (fact.Id is not { Length: IdLength } || !fact.Id.All(char.IsAsciiHexDigitLower))
        {
            throw new InvalidRequestException($"{path}.id", $"{path}.id must be {IdLength} lower-case hexadecimal digits.");
        }

        // It refuses names that are none.
        MemoryScope.Create(user.Tenant, fact.Agent, user.UserId, fact.Session);
        NewMemoryRules.Check(
            new NewMemory
            {
                Kind = fact.Kind,
                Text = fact.Text,
                Caption = fact.Caption,
                Role = fact.Role,
                Speaker = fact.Speaker,
                MessageId = fact.MessageId,
                Metadata = fact.Metadata,
            },
            path,
            options
        );
        TextRules.Allow(fact.ConversationId, $"{path}.conversationId", TextRules.MaxNameBytes);
        if (fact.Version < 1)
        {
            throw new InvalidRequestException($"{path}.version", $"{path}.version must be 1 or more.");
        }

        if (record.History.IsDefault || record.History.Length > MaxEvents)
        {
            throw new InvalidRequestException(
                $"{path}.history",
                FormattableString.Invariant($"{path}.history must be up to {MaxEvents} events.")
            );
        }

        long version = 0;
        foreach (MemoryEvent change in record.History)
        {
            bool isKnown =
                change is { Kind: MemoryEventKind.Added or MemoryEventKind.Updated }
                && change.Version > version
                && change.Version <= fact.Version;
            if (!isKnown || change.Kind == MemoryEventKind.Added != (change.Version == 1))
            {
                throw new InvalidRequestException(
                    $"{path}.history",
                    $"{path}.history begins with how the memory was recorded, and its versions ascend up to the memory's own."
                );
            }

            version = change.Version;
            CheckText(change.Text, path, options);
            CheckText(change.PreviousText, path, options);
        }
    }

    /// <summary>The memory with instants as they are kept.</summary>
    /// <returns>The same, to the microsecond.</returns>
    public static MemoryRecord Keep(MemoryRecord record) =>
        record with
        {
            Fact = record.Fact with
            {
                OccurredAt = Instants.Kept(record.Fact.OccurredAt),
                CreatedAt = Instants.Kept(record.Fact.CreatedAt),
                UpdatedAt = Instants.Kept(record.Fact.UpdatedAt),
                ExpiresAt = record.Fact.ExpiresAt is { } expires ? Instants.Kept(expires) : null,
            },
            History = [.. record.History.Select(static change => change with { At = Instants.Kept(change.At) })],
        };

    private static void CheckText(string? text, string path, MemoryOptions options)
    {
        if (text is not null)
        {
            NewMemoryRules.CheckText(text, $"{path}.history", options.MaxMemoryBytes);
        }
    }
}
