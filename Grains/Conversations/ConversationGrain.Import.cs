using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
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
        await _store.BeginImportAsync(
            new ImportCommit
            {
                Key = _key,
                StoreId = storeId,
                Settings = settings,
                Entries = ImportValidation.Keep(start.Entries, now),
                FirstSequence = start.FirstSequence,
                LastSequence = start.LastSequence,
                At = now,
            },
            cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{ImportIdPrefix}{storeId}");
    }

    /// <inheritdoc />
    public async Task AppendImportAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken = default)
    {
        long storeId = StoreIdOf(importId);
        TenantPolicy policy = await GetPolicyAsync();
        List<MessageRow> rows = ImportValidation.CheckChunk(messages, policy.Validation, policy.Limits);
        long reached = await _store.AppendImportAsync(_key, storeId, rows, cancellationToken);
        if (rows.Count > 0 && reached < rows[^1].Message.Sequence)
        {
            throw new InvalidRequestException(
                "messages",
                FormattableString.Invariant($"The import has got to sequence {reached}; the next message must have sequence {reached + 1}."));
        }
    }

    /// <inheritdoc />
    public Task<Head> CompleteImportAsync(string importId, CancellationToken cancellationToken = default) => _exclusion.AloneAsync(
        async () =>
        {
            long storeId = StoreIdOf(importId);
            RequireClock();
            await DrainAsync();
            ImportStatus status = await _store.CompleteImportAsync(_key, storeId, _timeProvider.Now(), cancellationToken);
            _loading.Forget();
            return status switch
            {
                ImportStatus.Completed => (await GetLiveAsync(cancellationToken)).Durable.Head!,
                ImportStatus.Exists => throw new ConversationExistsException(_key),
                _ => throw new InvalidRequestException("messages", "Messages are missing: the import has not got to the last sequence that it announced."),
            };
        },
        cancellationToken);

    private static long StoreIdOf(string importId) =>
        importId is not null
        && importId.StartsWith(ImportIdPrefix, StringComparison.Ordinal)
        && long.TryParse(importId.AsSpan(ImportIdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long storeId)
            ? storeId
            : throw new ImportNotFoundException();
}
