using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Activations;

/// <summary>Where callers put requests, without a lock, for the activation to take; closed for good when the activation ends.</summary>
/// <remarks>
/// A stack: pushing is one compare-and-swap, taking is one exchange. The taker turns the order round, so that items come out as
/// they went in. Items in a taken chain belong to the taker.
/// </remarks>
internal struct Inbox
{
    private static readonly InboxItem Closed = new ClosedMark();

    private InboxItem? _newest;

    internal bool IsClosed => ReferenceEquals(Volatile.Read(ref _newest), Closed);

    /// <summary>Puts an item in.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wasEmpty">Whether the activation has to be told: it knows of items that came before.</param>
    /// <returns>False when the inbox is closed and the item is not in it.</returns>
    internal bool TryPush(InboxItem item, out bool wasEmpty)
    {
        var newest = Volatile.Read(ref _newest);
        while (true)
        {
            wasEmpty = newest is null;
            if (ReferenceEquals(newest, Closed)) return false;
            item.Next = newest;
            var found = Interlocked.CompareExchange(ref _newest, item, newest);
            if (ReferenceEquals(found, newest)) return true;
            newest = found;
        }
    }

    /// <summary>Takes all items, oldest first; null when there are none.</summary>
    internal InboxItem? Take()
    {
        var newest = Volatile.Read(ref _newest);
        if (newest is null || ReferenceEquals(newest, Closed)) return null;
        return OldestFirst(Interlocked.Exchange(ref _newest, null));
    }

    /// <summary>Closes the inbox if nothing is in it.</summary>
    internal bool TryCloseEmpty() => Interlocked.CompareExchange(ref _newest, Closed, null) is null;

    /// <summary>Closes the inbox and takes what was still in it, oldest first.</summary>
    internal InboxItem? Close()
    {
        var newest = Interlocked.Exchange(ref _newest, Closed);
        return ReferenceEquals(newest, Closed) ? null : OldestFirst(newest);
    }

    private static InboxItem? OldestFirst(InboxItem? item)
    {
        InboxItem? oldest = null;
        while (item is not null)
        {
            var next = item.Next;
            item.Next = oldest;
            oldest = item;
            item = next;
        }

        return oldest;
    }

    private sealed class ClosedMark : InboxItem;
}
