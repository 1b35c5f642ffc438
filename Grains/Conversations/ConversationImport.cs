using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Takes a conversation in that was exported elsewhere, in chunks; it is there when all of it is.</summary>
internal sealed class ConversationImport(ConversationActivation activation, ConversationQuota quota)
{
    private const string ImportIdPrefix = "import-";

    /// <inheritdoc cref="IConversationGrain.BeginImportAsync" />
    public async Task<string> BeginAsync(ImportStart start, CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await activation.GetPolicyAsync();
        ImportValidation.Check(start, policy.Validation, policy.Limits);
        ConversationSettings settings = TurnDecision.OfUser(start.Settings, BoundUser.Current);
        policy.Decision.RequireUser(settings);
        activation.RequireClock();
        if (await activation.FindAnyAsync(cancellationToken) is not null)
        {
            throw new ConversationExistsException(activation.Key);
        }

        DateTimeOffset now = activation.Now;
        long storeId = await activation.Store.ReserveStoreIdAsync(cancellationToken);
        var import = new ImportCommit
        {
            Key = activation.Key,
            StoreId = storeId,
            Settings = settings,
            Entries = ImportValidation.Keep(start.Entries, now),
            FirstSequence = start.FirstSequence,
            LastSequence = start.LastSequence,
            ExpiresAt = start.ExpiresAt is { } expires ? Instants.Kept(expires) : null,
            At = now,
        };

        // It is a conversation only when it is complete; there must be room for one now, so that nothing is sent in vain.
        (await quota.ReserveAsync(new UsageAmount(Conversations: 1))).Settle(MeterResult.Nothing);
        await quota.AddAsync(
            new UsageAmount(Bytes: import.Entries.Sum(static entry => (long)Utf8Size.Of(entry))),
            async () =>
            {
                await activation.Store.BeginImportAsync(import, cancellationToken);
                return true;
            }
        );
        return string.Create(CultureInfo.InvariantCulture, $"{ImportIdPrefix}{storeId}");
    }

    /// <inheritdoc cref="IConversationGrain.AppendImportAsync" />
    public async Task AppendAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken = default)
    {
        long storeId = StoreIdOf(importId);
        TenantPolicy policy = await activation.GetPolicyAsync();
        List<MessageRow> rows = ImportValidation.CheckChunk(messages, policy.Validation, policy.Limits);
        long reached = await quota.AddAsync(
            new UsageAmount(Bytes: rows.Sum(static row => (long)row.Bytes)),
            () => activation.Store.AppendImportAsync(activation.Key, storeId, rows, cancellationToken)
        );
        if (rows.Count > 0 && reached < rows[^1].Message.Sequence)
        {
            throw new InvalidRequestException(
                "messages",
                FormattableString.Invariant($"The import has got to sequence {reached}; the next message must have sequence {reached + 1}.")
            );
        }
    }

    /// <inheritdoc cref="IConversationGrain.CompleteImportAsync" />
    public async Task<Head> CompleteAsync(string importId, CancellationToken cancellationToken = default)
    {
        long storeId = StoreIdOf(importId);
        await activation.GetPolicyAsync();
        return await activation.Gate.RunExclusiveAsync(() => CompleteAloneAsync(storeId, cancellationToken), cancellationToken);
    }

    private async Task<Head> CompleteAloneAsync(long storeId, CancellationToken cancellationToken)
    {
        activation.RequireClock();
        await activation.DrainAsync();
        ImportStatus status = await quota.AddAsync(
            new UsageAmount(Conversations: 1),
            () => activation.Store.CompleteImportAsync(activation.Key, storeId, activation.Now, cancellationToken)
        );
        activation.Loading.Forget();
        return status switch
        {
            ImportStatus.Completed => (await activation.GetLiveAsync(cancellationToken)).Durable.Head!,
            ImportStatus.Exists => throw new ConversationExistsException(activation.Key),
            _ => throw new InvalidRequestException(
                "messages",
                "Messages are missing: the import has not got to the last sequence that it announced."
            ),
        };
    }

    private static long StoreIdOf(string importId) =>
        importId is not null
        && importId.StartsWith(ImportIdPrefix, StringComparison.Ordinal)
        && long.TryParse(importId.AsSpan(ImportIdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long storeId)
            ? storeId
            : throw new ImportNotFoundException();
}
