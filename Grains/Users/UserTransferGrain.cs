using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Auditing;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Users;

/// <summary>Memories of one user for an export or import, and the rows that it leaves in the audit trail. It holds nothing.</summary>
/// <param name="facts">Where memories are durable.</param>
/// <param name="quota">Writes them where there is room.</param>
/// <param name="options">The limits of memories.</param>
/// <param name="clocks">Says whether the clock of memories is right.</param>
/// <param name="audit">Is told before and after.</param>
/// <param name="timeProvider">The clock of memories.</param>
[GrainType("user-transfer")]
[Reentrant]
[StatelessWorker(1)]
internal sealed class UserTransferGrain(
    IFactStore facts,
    MemoryQuota quota,
    IOptions<MemoryOptions> options,
    ClockCheck clocks,
    AuditTrail audit,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
) : Grain, IUserTransferGrain
{
    private const int PageMemories = 100;
    private const int PageBytes = 1024 * 1024;
    private const int MaxEvents = 1_000;

    private UserKey _key;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = UserKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<long> BeginAsync(bool isImport, CancellationToken cancellationToken = default) =>
        audit.BeginAsync(
            new AuditAction(_key.Tenant, isImport ? AuditActions.UserImported : AuditActions.UserExported, AuditSubject.User(_key.UserId))
        );

    /// <inheritdoc />
    public Task CompleteAsync(long transfer, UserTransferCounts counts, CancellationToken cancellationToken = default) =>
        counts is null
            ? throw new InvalidRequestException("counts", "counts is missing.")
            : audit.CompleteAsync(
                transfer,
                new AuditCounts(
                    ("conversations", counts.Conversations),
                    ("messages", counts.Messages),
                    ("entries", counts.Entries),
                    ("memories", counts.Memories),
                    ("skipped", counts.Skipped)
                )
            );

    /// <inheritdoc />
    public async Task<MemoryRecordPage> ReadMemoriesAsync(long after, CancellationToken cancellationToken = default)
    {
        var export = new FactExport(_key, after, PageMemories, PageBytes, MaxEvents, timeProvider.Now());
        IReadOnlyList<(long Position, MemoryRecord Record)> records = await facts.ExportAsync(export, cancellationToken);
        return new MemoryRecordPage
        {
            Records = [.. records.Select(static row => row.Record)],
            Next = records.Count == 0 ? null : records[^1].Position,
        };
    }

    /// <inheritdoc />
    public Task<int> WriteMemoriesAsync(ImmutableArray<MemoryRecord> records, CancellationToken cancellationToken = default)
    {
        if (records.IsDefault || records.Length > PageMemories)
        {
            throw new InvalidRequestException("records", FormattableString.Invariant($"0 to {PageMemories} memories are expected."));
        }

        for (int i = 0; i < records.Length; i++)
        {
            ImportedMemoryRules.Check(records[i], _key, FormattableString.Invariant($"records[{i}]"), options.Value);
        }

        if (records.Any(static record => record.Fact.ExpiresAt is not null))
        {
            clocks.RequireRight();
        }

        DateTimeOffset now = timeProvider.Now();
        ImmutableArray<MemoryRecord> live = [.. records.Where(record => !(record.Fact.ExpiresAt <= now)).Select(ImportedMemoryRules.Keep)];
        return live.IsEmpty ? Task.FromResult(0) : quota.ImportAsync(_key, live, cancellationToken);
    }
}
