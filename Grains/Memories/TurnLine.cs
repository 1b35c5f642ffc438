using System.Runtime.InteropServices;

namespace OrleansMemory.Grains.Memories;

/// <summary>The turns of one owner who names no session, in order, and the episodes that pauses divide them into.</summary>
/// <remarks>
/// Two neighbours are of one episode when the pause between them is short enough, so the division depends on the turns alone, not on how
/// they came.
/// </remarks>
/// <param name="name">What its episodes' names start with.</param>
/// <param name="pause">The longest pause within an episode.</param>
internal sealed class TurnLine(string name, TimeSpan pause)
{
    private readonly List<Place> _places = [];
    private long _episodes;

    /// <summary>Whether no turn is left.</summary>
    public bool IsEmpty => _places.Count == 0;

    /// <summary>The episode of a turn.</summary>
    /// <param name="position">The turn's position.</param>
    /// <returns>The episode's name.</returns>
    public string EpisodeOf(long position) => _places[Find(position)].Episode;

    /// <summary>Adds a turn.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="id">Its id.</param>
    /// <param name="occurredAt">When it was said.</param>
    /// <returns>The ids of other turns that are of another episode now.</returns>
    public IReadOnlyList<string> Insert(long position, string id, DateTimeOffset occurredAt)
    {
        int at = ~Find(position);
        bool joinsBefore = at > 0 && IsShort(_places[at - 1].OccurredAt, occurredAt);
        bool joinsAfter = at < _places.Count && IsShort(occurredAt, _places[at].OccurredAt);
        string episode =
            joinsBefore ? _places[at - 1].Episode
            : joinsAfter ? _places[at].Episode
            : NewEpisode();
        List<string> moved = at > 0 && at < _places.Count ? Settle(at - 1, at, joinsBefore && joinsAfter) : [];

        // Those beside it may have been renamed.
        episode =
            joinsBefore ? _places[at - 1].Episode
            : joinsAfter ? _places[at].Episode
            : episode;
        _places.Insert(at, new Place(position, id, occurredAt, episode));
        return moved;
    }

    /// <summary>Takes a turn out.</summary>
    /// <param name="position">Its position.</param>
    /// <returns>The ids of other turns that are of another episode now.</returns>
    public IReadOnlyList<string> Remove(long position)
    {
        int at = Find(position);
        _places.RemoveAt(at);
        return at > 0 && at < _places.Count ? Settle(at - 1, at, IsShort(_places[at - 1].OccurredAt, _places[at].OccurredAt)) : [];
    }

    /// <summary>Makes two neighbours be of one episode, or of two.</summary>
    private List<string> Settle(int before, int after, bool together)
    {
        bool are = string.Equals(_places[before].Episode, _places[after].Episode, StringComparison.Ordinal);
        if (are == together)
        {
            return [];
        }

        // The shorter side takes another name.
        (int first, int last) = Shorter(before, after);
        string episode =
            !together ? NewEpisode()
            : first == after ? _places[before].Episode
            : _places[after].Episode;
        var moved = new List<string>(last - first + 1);
        foreach (ref Place place in CollectionsMarshal.AsSpan(_places)[first..(last + 1)])
        {
            place = place with { Episode = episode };
            moved.Add(place.Id);
        }

        return moved;
    }

    private (int First, int Last) Shorter(int before, int after)
    {
        (string left, string right) = (_places[before].Episode, _places[after].Episode);
        for (int length = 1; ; length++)
        {
            if (before - length < 0 || !string.Equals(_places[before - length].Episode, left, StringComparison.Ordinal))
            {
                return (before - length + 1, before);
            }

            if (after + length >= _places.Count || !string.Equals(_places[after + length].Episode, right, StringComparison.Ordinal))
            {
                return (after, after + length - 1);
            }
        }
    }

    private int Find(long position)
    {
        (int low, int high) = (0, _places.Count - 1);
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            long found = _places[middle].Position;
            if (found == position)
            {
                return middle;
            }

            (low, high) = found < position ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private bool IsShort(DateTimeOffset before, DateTimeOffset after) => (after - before).Duration() <= pause;

    private string NewEpisode() => FormattableString.Invariant($"{name}/{++_episodes}");

    /// <summary>A turn in the line.</summary>
    /// <param name="Position">Its position.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="OccurredAt">When it was said.</param>
    /// <param name="Episode">The episode that it is of.</param>
    private readonly record struct Place(long Position, string Id, DateTimeOffset OccurredAt, string Episode);
}
