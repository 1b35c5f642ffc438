using System.Security.Cryptography;
using OrleansMemory.Auditing;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>The audit trail of the stores in memory; it is lost with the process, as all else is.</summary>
internal sealed class InMemoryAuditStore : IAuditStore
{
    private const int KeyBytes = 32;

    private readonly Lock _lock = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyBytes);
    private readonly List<AuditRecord> _records = [];
    private long _lastId;

    /// <inheritdoc />
    public Task<long> BeginAsync(AuditNote note, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _records.Add(
                new AuditRecord
                {
                    Id = ++_lastId,
                    At = note.At,
                    CompletedAt = note.IsOver ? note.At : null,
                    Tenant = note.Tenant,
                    Action = note.Action,
                    Actor = note.Actor,
                    Subject = Hash(note.Tenant, note.Subject),
                    Counts = note.Counts,
                }
            );
            return Task.FromResult(_lastId);
        }
    }

    /// <inheritdoc />
    public Task CompleteAsync(long id, DateTimeOffset at, string? counts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            int index = _records.FindIndex(record => record.Id == id);
            if (index >= 0)
            {
                _records[index] = _records[index] with { CompletedAt = at, Counts = counts };
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditList list, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            string? subject = Hash(list.Tenant ?? string.Empty, list.Subject);
            return Task.FromResult<IReadOnlyList<AuditRecord>>([
                .. _records
                    .AsEnumerable()
                    .Reverse()
                    .Where(record => record.Id < list.Before)
                    .Where(record => list.Tenant is null || string.Equals(list.Tenant, record.Tenant, StringComparison.Ordinal))
                    .Where(record => subject is null || string.Equals(subject, record.Subject, StringComparison.Ordinal))
                    .Take(list.Limit),
            ]);
        }
    }

    /// <inheritdoc />
    public Task<int> SweepAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            HashSet<long> old =
            [
                .. _records.Where(record => record.At < before).OrderBy(record => record.At).Take(limit).Select(record => record.Id),
            ];
            return Task.FromResult(_records.RemoveAll(record => old.Contains(record.Id)));
        }
    }

    private string? Hash(string tenant, AuditSubject? subject) =>
        subject is null ? null : Convert.ToHexStringLower(subject.Hash(tenant, _key));
}
