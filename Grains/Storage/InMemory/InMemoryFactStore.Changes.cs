using OrleansMemory.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryFactStore
{
    /// <inheritdoc />
    public Task<FactChangeResult> ChangeAsync(FactChange change, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (Find(change.Tenant, change.Id) is not { } held || !held.IsLive(change.At))
                {
                    return new FactChangeResult(false, null);
                }

                if (change.ExpectedVersion is { } expected && expected != held.Fact.Version)
                {
                    return new FactChangeResult(false, held.Fact);
                }

                held.Revise(change.ApplyTo(held.Fact));
                return new FactChangeResult(true, Changed(held).Fact);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (Find(tenant, id) is not { } held || held.State == FactState.Deleted)
                {
                    return false;
                }

                bool live = held.IsLive(at);
                Delete(held, at);
                return live;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<FactDeletion> ClearAsync(MemoryScope scope, DateTimeOffset at, int limit, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                List<HeldFact> targets =
                [
                    .. _byPosition.Where(held => held.State != FactState.Deleted && held.IsShownBy(scope)).Take(limit),
                ];
                int live = targets.Count(held => held.IsLive(at));
                targets.ForEach(held => Delete(held, at));
                if (targets.Count < limit)
                {
                    LoseKeys((owner, _) => scope.Shows(owner), at);
                }

                return new FactDeletion(targets.Count, live, targets.Count == limit);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<FactSweepResult> SweepAsync(FactSweep sweep, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                List<HeldFact> expired =
                [
                    .. _byPosition.Where(held => held.State != FactState.Deleted && held.Fact.ExpiresAt <= sweep.At).Take(sweep.Limit),
                ];
                expired.ForEach(held => Delete(held, sweep.At));
                HashSet<HeldFact> traces =
                [
                    .. _byPosition.Where(held => held.State == FactState.Deleted && held.GoneAt < sweep.TracesBefore).Take(sweep.Limit),
                ];
                _byPosition.RemoveAll(traces.Contains);
                foreach (HeldFact trace in traces)
                {
                    _byId.Remove(trace.Fact.Id);
                    trace.Changed = 0;
                }

                int keys = ForgetKeys((_, recording) => recording.At < sweep.KeysBefore, sweep.Limit);
                return new FactSweepResult(expired.Count, traces.Count, keys);
            },
            cancellationToken
        );

    /// <summary>Deletes what was recorded from conversations that go, in the same step as these.</summary>
    /// <param name="at">The instant.</param>
    /// <returns>How many memories.</returns>
    internal int DeleteOf(IEnumerable<ConversationKey> conversations, DateTimeOffset at)
    {
        HashSet<(string Tenant, string Id)> ids = [.. conversations.Select(key => (key.Tenant, key.Id))];
        lock (_lock)
        {
            List<HeldFact> targets =
            [
                .. _byPosition.Where(held =>
                    held.State != FactState.Deleted && held.Fact.ConversationId is { } id && ids.Contains((held.Scope.Tenant, id))
                ),
            ];
            targets.ForEach(held => Delete(held, at));
            LoseKeys((owner, recording) => recording.ConversationId is { } id && ids.Contains((owner.Tenant, id)), at);
            return targets.Count;
        }
    }

    private void Delete(HeldFact held, DateTimeOffset at)
    {
        held.Delete(at);
        Changed(held);
    }

    /// <summary>Of recordings that are gone only the keys are kept.</summary>
    private void LoseKeys(Func<MemoryScope, KeyedRecording, bool> gone, DateTimeOffset at)
    {
        foreach ((MemoryScope Scope, string Key) key in _keys.Where(key => gone(key.Key.Scope, key.Value)).Select(key => key.Key).ToList())
        {
            _keys[key] = new KeyedRecording([], [], at, null);
        }
    }

    private int ForgetKeys(Func<MemoryScope, KeyedRecording, bool> isTarget, int limit = int.MaxValue)
    {
        List<(MemoryScope Scope, string Key)> keys =
        [
            .. _keys.Where(key => isTarget(key.Key.Scope, key.Value)).Select(key => key.Key).Take(limit),
        ];
        keys.ForEach(key => _keys.Remove(key));
        return keys.Count;
    }
}
