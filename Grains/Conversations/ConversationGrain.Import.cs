using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Grains.Text;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private const string ImportIdPrefix = "import-";

    /// <inheritdoc />
    public async Task<string> BeginImportAsync(ImportStart start, CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await GetPolicyAsync();
        ImportValidation.Check(start, policy.Validation, policy.Limits);
        ConversationSettings settings = TurnDecision.OfUser(start.Settings, BoundUser.Current);
        policy.Decision.RequireUser(settings);
        RequireClock();
        if (await FindAnyAsync(cancellationToken) is not null)
        {
            throw new ConversationExistsException(_key);
        }

        DateTimeOffset now = _timeProvider.Now();
        long storeId = await _store.ReserveStoreIdAsync(cancellationToken);
        var import = new ImportCommit
        {
            Key = _key,
            StoreId = storeId,
            Settings = settings,
            Entries = ImportValidation.Keep(start.Entries, now),
            FirstSequence = start.FirstSequence,
            LastSequence = start.LastSequence,
            ExpiresAt = start.ExpiresAt is { } expires ? Instants.Kept(expires) : null,
            At = now,
        };

        // It is a conversation only when it is complete; there must be room for one now, so that nothing is sent in vain.
        (await _meters.ReserveAsync(_key.Tenant, new UsageAmount(Conversations: 1), policy.Quotas)).Settle(MeterResult.Nothing);
        await AddAsync(
            new UsageAmount(Bytes: import.Entries.Sum(static entry => (long)Utf8Size.Of(entry))),
            async () =>
            {
                await _store.BeginImportAsync(import, cancellationToken);
                return true;
            });
        return string.Create(CultureInfo.InvariantCulture, $"{ImportIdPrefix}{storeId}");
    }

    /// <inheritdoc />
    public async Task AppendImportAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken = default)
    {
        long storeId = StoreIdOf(importId);
        TenantPolicy policy = await GetPolicyAsync();
        List<MessageRow> rows = ImportValidation.CheckChunk(messages, policy.Validation, policy.Limits);
        long reached = await AddAsync(
            new UsageAmount(Bytes: rows.Sum(static row => (long)row.Bytes)), () => _store.AppendImportAsync(_key, storeId, rows, cancellationToken));
        if (rows.Count > 0 && reached < rows[^1].Message.Sequence)
        {
            throw new InvalidRequestException(
                "messages",
                FormattableString.Invariant($"The import has got to sequence {reached}; the next message must have sequence {reached + 1}."));
        }
    }

    /// <inheritdoc />
    public async Task<Head> CompleteImportAsync(string importId, CancellationToken cancellationToken = default)
    {
        long storeId = StoreIdOf(importId);
        await GetPolicyAsync();
        return await _exclusion.AloneAsync(() => CompleteAloneAsync(storeId, cancellationToken), cancellationToken);
    }

    private async Task<Head> CompleteAloneAsync(long storeId, CancellationToken cancellationToken)
    {
        RequireClock();
        await DrainAsync();
        ImportStatus status = await AddAsync(
            new UsageAmount(Conversations: 1), () => _store.CompleteImportAsync(_key, storeId, _timeProvider.Now(), cancellationToken));
        _loading.Forget();
        return status switch
        {
            ImportStatus.Completed => (await GetLiveAsync(cancellationToken)).Durable.Head!,
            ImportStatus.Exists => throw new ConversationExistsException(_key),
            _ => throw new InvalidRequestException("messages", "Messages are missing: the import has not got to the last sequence that it announced."),
        };
    }

    private static long StoreIdOf(string importId) =>
        importId is not null
        && importId.StartsWith(ImportIdPrefix, StringComparison.Ordinal)
        && long.TryParse(importId.AsSpan(ImportIdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long storeId)
            ? storeId
            : throw new ImportNotFoundException();
}
