using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>
/// Long-term memories in the memory of this process, for tests and for a machine without PostgreSQL. It keeps the whole contract save that
/// "durable" ends with the process. One lock guards all of it; every call is done before it returns.
/// </summary>
/// <remarks>Nothing is written anywhere; a dump of the process holds everything.</remarks>
internal sealed partial class InMemoryFactStore : IFactStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HeldFact> _byId = new(StringComparer.Ordinal);
    private readonly List<HeldFact> _byPosition = [];
    private readonly List<(long Number, HeldFact Fact)> _changes = [];
    private readonly Dictionary<(MemoryScope Scope, string Key), KeyedRecording> _keys = [];
    private long _lastPosition;
    private long _lastChange;

    /// <inheritdoc />
    public Task<RecordResult> RecordAsync(FactRecording recording, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (recording.Key is { } key)
                {
                    if (FindRecording(recording) is { } known)
                    {
                        return known;
                    }

                    _keys.Add(
                        (recording.Scope, key),
                        new KeyedRecording(
                            recording.PayloadHash,
                            [.. recording.Facts.Select(fact => fact.Id)],
                            recording.At,
                            recording.Facts[0].ConversationId
                        )
                    );
                }

                foreach (MemoryFact fact in recording.Facts)
                {
                    HeldFact held = Add(recording.Scope, fact);
                    held.Extracts = recording.Extract && fact.Kind == MemoryKind.Turn;
                    if (recording.Distilled)
                    {
                        held.MarkDistilled();
                    }
                }

                return new RecordResult(RecordStatus.Recorded, [.. recording.Facts.Select(fact => fact.Id)], recording.At);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<RecordResult?> FindRecordingAsync(FactRecording recording, CancellationToken cancellationToken) =>
        Locked(() => FindRecording(recording), cancellationToken);

    /// <inheritdoc />
    public Task<FactMark> MarkAsync(CancellationToken cancellationToken) => Locked(Mark, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadScopeAsync(ScopeRead read, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StoredFact>>(
            () =>
                [
                    .. Page(
                            Newest(read.Before).Where(held => held.State == FactState.Live && held.IsShownBy(read.Scope)),
                            read.Limit,
                            read.MaxBytes
                        )
                        .Select(held => ToStored(held, read.Model)),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<FactChanges?> ReadChangesAsync(
        MemoryScope scope,
        FactMark since,
        string? model,
        int limit,
        long maxBytes,
        CancellationToken cancellationToken
    ) =>
        Locked(
            () =>
            {
                long seen = long.Parse(since.Value, CultureInfo.InvariantCulture);
                var live = new List<StoredFact>();
                var gone = new List<string>();
                long bytes = 0;
                for (int i = _changes.Count - 1; i >= 0 && _changes[i].Number > seen; i--)
                {
                    (long number, HeldFact held) = _changes[i];
                    if (held.Changed != number || !held.IsShownBy(scope))
                    {
                        continue;
                    }

                    bytes += held.Bytes;
                    if (live.Count + gone.Count == limit || bytes > maxBytes)
                    {
                        return null;
                    }

                    if (held.State == FactState.Live)
                    {
                        live.Add(ToStored(held, model));
                    }
                    else
                    {
                        gone.Add(held.Fact.Id);
                    }
                }

                return new FactChanges(live, gone, Mark());
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<MemoryFact?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Locked(() => Find(tenant, id) is { State: FactState.Live } held ? held.Fact : null, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ListAsync(FactList list, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StoredFact>>(
            () =>
                [
                    .. Page(Newest(list.Before).Where(held => held.IsLive(list.Now) && Matches(held, list)), list.Limit, list.MaxBytes)
                        .Select(held => ToStored(held, model: null)),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<ImmutableArray<MemoryEvent>> ReadHistoryAsync(
        string tenant,
        string id,
        DateTimeOffset at,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Locked<ImmutableArray<MemoryEvent>>(
            () => Find(tenant, id) is { } held && !(held.Fact.ExpiresAt <= at) ? [.. held.History.TakeLast(limit)] : [],
            cancellationToken
        );

    private static bool Matches(HeldFact held, FactList list) =>
        string.Equals(held.Scope.Tenant, list.Tenant, StringComparison.Ordinal)
        && (list.Agent is null || string.Equals(list.Agent, held.Scope.Agent, StringComparison.Ordinal))
        && (list.User is null || string.Equals(list.User, held.Scope.User, StringComparison.Ordinal))
        && (list.Session is null || string.Equals(list.Session, held.Scope.Session, StringComparison.Ordinal))
        && (list.Kind is null || list.Kind == held.Fact.Kind)
        && list.Labels.All(held.Labels.Contains);

    private static StoredFact ToStored(HeldFact held, string? model) =>
        new(
            held.Position,
            held.Fact,
            held.Vector is { } vector && string.Equals(vector.Model, model, StringComparison.Ordinal) ? vector.Values : default
        );

    private RecordResult? FindRecording(FactRecording recording)
    {
        if (recording.Key is not { } key || !_keys.TryGetValue((recording.Scope, key), out KeyedRecording? known))
        {
            return null;
        }

        return known.Hash.IsEmpty ? new RecordResult(RecordStatus.Gone, [], known.At)
            : known.Hash.AsSpan().SequenceEqual(recording.PayloadHash.AsSpan())
                ? new RecordResult(RecordStatus.Replayed, known.Ids, known.At)
            : new RecordResult(RecordStatus.Conflict, [], known.At);
    }

    private FactMark Mark() => new(_lastChange.ToString(CultureInfo.InvariantCulture));

    private HeldFact? Find(string tenant, string id) =>
        _byId.TryGetValue(id, out HeldFact? held) && string.Equals(held.Scope.Tenant, tenant, StringComparison.Ordinal) ? held : null;

    private IEnumerable<HeldFact> Newest(long? before)
    {
        for (int i = _byPosition.Count - 1; i >= 0; i--)
        {
            if (before is null || _byPosition[i].Position < before)
            {
                yield return _byPosition[i];
            }
        }
    }

    private static IEnumerable<HeldFact> Page(IEnumerable<HeldFact> facts, int limit, long maxBytes)
    {
        long bytes = 0;
        return facts.Take(limit).TakeWhile((held, index) => (bytes += held.Bytes) <= maxBytes || index == 0);
    }

    private HeldFact Add(MemoryScope scope, MemoryFact fact)
    {
        var held = new HeldFact(scope, ++_lastPosition, fact);
        _byId.Add(fact.Id, held);
        _byPosition.Add(held);
        return Changed(held);
    }

    private HeldFact Changed(HeldFact held)
    {
        held.Changed = ++_lastChange;
        _changes.Add((held.Changed, held));
        if (_changes.Count > 1_024 + (2 * _byPosition.Count))
        {
            _changes.RemoveAll(change => change.Fact.Changed != change.Number);
        }

        return held;
    }

    /// <summary>Does something alone. Like a store that is far away, it answers through the task.</summary>
    private Task<T> Locked<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_lock)
        {
            return Task.FromResult(work());
        }
    }

    /// <summary>What a key of a recording stands for.</summary>
    /// <param name="Hash">The hash of the request.</param>
    /// <param name="Ids">The memories.</param>
    /// <param name="ConversationId">The conversation that they come from, if any.</param>
    private sealed record KeyedRecording(ImmutableArray<byte> Hash, ImmutableArray<string> Ids, DateTimeOffset At, string? ConversationId);
}
