using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Activations;

/// <summary>Decides which request may start while others are under way. Used on the activation's scheduler only.</summary>
/// <remarks>
/// A request that does not interleave starts when no other such request is under way. Read-only requests join a read-only request
/// that started alone, for as long as that one runs: so a stream of readers cannot keep a writer waiting for ever.
/// </remarks>
internal sealed class TurnGate(bool reentrant)
{
    private GrainRequest? _leader;
    private int _turns;
    private int _running;

    /// <summary>Whether no request is under way.</summary>
    internal bool IsIdle => _running == 0;

    /// <summary>Whether read-only requests may join the one under way.</summary>
    internal bool AdmitsReaders => _leader is { ReadOnly: true };

    /// <summary>Whether the request never waits for others.</summary>
    internal bool Interleaves(GrainRequest request) => reentrant || request.AlwaysInterleave;

    /// <summary>Whether the request may start now.</summary>
    internal bool Admits(GrainRequest request) => _turns == 0 || Interleaves(request) || (request.ReadOnly && AdmitsReaders);

    internal void Enter(GrainRequest request)
    {
        _running++;
        if (Interleaves(request)) return;
        if (_turns++ == 0) _leader = request;
    }

    internal void Leave(GrainRequest request)
    {
        _running--;
        if (Interleaves(request)) return;
        _turns--;
        if (ReferenceEquals(_leader, request)) _leader = null;
    }
}
