using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Activations;

/// <summary>The requests of an activation that have not started, in order of arrival. Used on the activation's scheduler only.</summary>
internal sealed class RequestQueue
{
    private GrainRequest? _first;
    private GrainRequest? _last;
    private int _interleaving;
    private int _readers;

    internal bool IsEmpty => _first is null;

    internal GrainRequest? First => _first;

    internal void Add(GrainRequest request)
    {
        request.Next = null;
        if (_last is null) _first = request;
        else _last.Next = request;
        _last = request;
        if (request.AlwaysInterleave) _interleaving++;
        if (request.ReadOnly) _readers++;
    }

    /// <summary>Takes the oldest request that the gate lets through; null when all must wait.</summary>
    internal GrainRequest? Take(TurnGate gate)
    {
        if (_first is null) return null;
        if (gate.Admits(_first)) return Remove(_first, null);

        // Looking behind the first is worth it only when something there may overtake.
        if (_interleaving == 0 && (_readers == 0 || !gate.AdmitsReaders)) return null;
        for (var previous = _first; previous.Next is GrainRequest request; previous = request)
        {
            if (gate.Admits(request)) return Remove(request, previous);
        }

        return null;
    }

    /// <summary>Takes the oldest request.</summary>
    internal GrainRequest? TakeFirst() => _first is null ? null : Remove(_first, null);

    /// <summary>Takes all requests as a chain, oldest first. The queue is of no use afterwards.</summary>
    internal InboxItem? TakeAll()
    {
        var first = _first;
        _first = _last = null;
        return first;
    }

    private GrainRequest Remove(GrainRequest request, GrainRequest? previous)
    {
        var next = (GrainRequest?)request.Next;
        if (previous is null) _first = next;
        else previous.Next = next;
        if (next is null) _last = previous;
        request.Next = null;
        if (request.AlwaysInterleave) _interleaving--;
        if (request.ReadOnly) _readers--;
        return request;
    }
}
