using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// Which turns are each other's context: those of one owner, and of one session or, where none is named, without a long pause between them.
/// </summary>
/// <param name="pause">The longest pause within an episode.</param>
internal sealed class Episodes(TimeSpan pause)
{
    private readonly Dictionary<Owner, string> _names = [];
    private readonly Dictionary<Owner, TurnLine> _lines = [];

    /// <summary>The episode of a memory; a turn must have been added before.</summary>
    /// <param name="stored">The memory.</param>
    /// <returns>The episode's name; <see langword="null"/> for a fact that belongs to no session.</returns>
    public string? Of(StoredFact stored) =>
        stored.Fact.Session is not null ? NameOf(Owner.Of(stored.Fact))
        : stored.Fact.Kind == MemoryKind.Turn ? _lines[Owner.Of(stored.Fact)].EpisodeOf(stored.Position)
        : null;

    /// <summary>Adds a memory.</summary>
    /// <param name="stored">The memory.</param>
    /// <returns>The ids of others that are of another episode now.</returns>
    public IReadOnlyList<string> Add(StoredFact stored)
    {
        if (!IsInLine(stored.Fact))
        {
            return [];
        }

        var owner = Owner.Of(stored.Fact);
        if (!_lines.TryGetValue(owner, out TurnLine? line))
        {
            line = new TurnLine(NameOf(owner), pause);
            _lines.Add(owner, line);
        }

        return line.Insert(stored.Position, stored.Fact.Id, stored.Fact.OccurredAt);
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="stored">The memory.</param>
    /// <returns>The ids of others that are of another episode now.</returns>
    public IReadOnlyList<string> Remove(StoredFact stored)
    {
        if (!IsInLine(stored.Fact))
        {
            return [];
        }

        var owner = Owner.Of(stored.Fact);
        TurnLine line = _lines[owner];
        IReadOnlyList<string> moved = line.Remove(stored.Position);
        if (line.IsEmpty)
        {
            _lines.Remove(owner);
        }

        return moved;
    }

    private static bool IsInLine(MemoryFact fact) => fact is { Kind: MemoryKind.Turn, Session: null };

    private string NameOf(Owner owner)
    {
        if (!_names.TryGetValue(owner, out string? name))
        {
            name = FormattableString.Invariant($"{_names.Count}");
            _names.Add(owner, name);
        }

        return name;
    }

    /// <summary>The names that a memory was recorded with.</summary>
    /// <param name="Agent">The agent.</param>
    /// <param name="User">The user.</param>
    /// <param name="Session">The session.</param>
    private readonly record struct Owner(string? Agent, string? User, string? Session)
    {
        public static Owner Of(MemoryFact fact) => new(fact.Agent, fact.User, fact.Session);
    }
}
