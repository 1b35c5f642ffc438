using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryFactStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<(long Position, MemoryRecord Record)>> ExportAsync(FactExport export, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<(long Position, MemoryRecord Record)>>(
            () =>
                [
                    .. Page(
                            _byPosition.Where(held => held.Position > export.After && held.IsLive(export.Now) && IsOf(held, export.User)),
                            export.Limit,
                            export.MaxBytes
                        )
                        .Select(held =>
                            (held.Position, new MemoryRecord { Fact = held.Fact, History = [.. held.History.TakeLast(export.MaxEvents)] })
                        ),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> ImportAsync(UserKey user, IReadOnlyList<MemoryRecord> records, CancellationToken cancellationToken) =>
        Locked(() => records.Count(record => Import(user, record)), cancellationToken);

    private static bool IsOf(HeldFact held, UserKey user) =>
        string.Equals(held.Scope.Tenant, user.Tenant, StringComparison.Ordinal)
        && string.Equals(held.Scope.User, user.UserId, StringComparison.Ordinal);

    private bool Import(UserKey user, MemoryRecord record)
    {
        for (int attempt = 0; attempt < ImportedIds.Tries; attempt++)
        {
            string id = ImportedIds.Of(user, record.Fact.Id, attempt);
            if (!_byId.TryGetValue(id, out HeldFact? taken))
            {
                var scope = MemoryScope.Create(user.Tenant, record.Fact.Agent, user.UserId, record.Fact.Session);
                Add(scope, record.Fact with { Id = id, User = user.UserId })
                    .Remember(ImportedIds.IsDistilled(record), ImportedIds.Changes(record));
                return true;
            }

            if (taken.State != FactState.Deleted && IsOf(taken, user))
            {
                return false;
            }
        }

        throw new InvalidRequestException("memory", "This memory has been imported and deleted too often.");
    }
}
