using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// What a scope shows, held for recall: the memories, their terms and their episodes, always in step. Pure: no Orleans, no clock, no I/O.
/// </summary>
/// <remarks>What it finds depends on the memories alone, not on the order in which they came and went.</remarks>
internal sealed class ScopeMemories
{
    private readonly Dictionary<string, HeldMemory> _memories = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _oldestFirst = new();
    private readonly PriorityQueue<string, DateTimeOffset> _expiries = new();
    private readonly Episodes _episodes;
    private readonly int _maxMemories;
    private readonly long _maxBytes;
    private long _bytes;
    private (int Memories, long Bytes) _cut;

    /// <summary>Holds nothing yet.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="weights">How much each sign counts when they are looked for.</param>
    /// <param name="model">Whose vectors come with them; <see langword="null"/> for none.</param>
    public ScopeMemories(MemoryOptions options, RecallWeights weights, VectorModel? model = null)
    {
        Terms = new RecallIndex(weights);
        Model = model;
        Vectors = model is null ? null : new VectorIndex(model.Dimensions);
        _episodes = new Episodes(options.EpisodePause);
        _maxMemories = options.MaxScopeMemories;
        _maxBytes = options.MaxScopeBytes;
    }

    /// <summary>How many memories it holds.</summary>
    public int Count => _memories.Count;

    /// <summary>What finds them by their words.</summary>
    public RecallIndex Terms { get; }

    /// <summary>Whose vectors it holds; <see langword="null"/> for none.</summary>
    public VectorModel? Model { get; }

    /// <summary>
    /// What finds those that have vectors by these; <see langword="null"/> without a model, or when they are left to the store.
    /// </summary>
    public VectorIndex? Vectors { get; private set; }

    /// <summary>Whether the vectors are searched by the store, so that none are held.</summary>
    public bool LeavesVectorsToStore => Model is not null && Vectors is null;

    /// <summary>The position from which on all that the scope shows is held.</summary>
    public long From => IsPartial && _oldestFirst.TryPeek(out _, out long oldest) ? oldest : 0;

    /// <summary>Whether the scope shows older memories that are not held.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Whether a tenth has gone since older memories were left out, so that some of those may have room.</summary>
    public bool HasRoomForOlder => IsPartial && (Count < _cut.Memories * 0.9 || _bytes < _cut.Bytes * 0.9);

    /// <summary>Lets go of the vectors: from now on the store searches them.</summary>
    public void LeaveVectorsToStore() => Vectors = null;

    /// <summary>Finds a memory.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The memory; <see langword="null"/> when it is not held.</returns>
    public HeldMemory? Find(string id) => _memories.GetValueOrDefault(id);

    /// <summary>Adds a memory, or puts it in the place of an older version of itself.</summary>
    /// <param name="stored">The memory.</param>
    public void Put(StoredFact stored)
    {
        string id = stored.Fact.Id;
        if (!_memories.TryGetValue(id, out HeldMemory? old))
        {
            _oldestFirst.Enqueue(id, stored.Position);
            Hold(stored);
            Reindex(_episodes.Add(stored));
            Index(stored);
        }
        else if (stored.Fact.Version >= old.Fact.Version)
        {
            _bytes -= old.Bytes;
            Hold(stored);
            if (!SaysTheSame(old.Fact, stored.Fact))
            {
                Index(stored);
            }
        }

        Shrink();
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="id">Its id.</param>
    public void Remove(string id)
    {
        if (_memories.Remove(id, out HeldMemory? held))
        {
            _bytes -= held.Bytes;
            Terms.Remove(id);
            Vectors?.Remove(id);
            Reindex(_episodes.Remove(held.Stored));
        }
    }

    /// <summary>Takes out what has expired.</summary>
    /// <param name="now">The instant.</param>
    public void Expire(DateTimeOffset now)
    {
        while (_expiries.TryPeek(out string? id, out DateTimeOffset due) && due <= now)
        {
            _expiries.Dequeue();

            // It may have been given another expiry since.
            if (Find(id)?.Fact.ExpiresAt <= now)
            {
                Remove(id);
            }
        }
    }

    private static bool SaysTheSame(MemoryFact old, MemoryFact fact) =>
        string.Equals(old.Text, fact.Text, StringComparison.Ordinal) && string.Equals(old.Caption, fact.Caption, StringComparison.Ordinal);

    private void Hold(StoredFact stored)
    {
        HoldVector(stored);
        var held = new HeldMemory(stored with { Vector = default });
        _memories[stored.Fact.Id] = held;
        _bytes += held.Bytes;
        if (stored.Fact.ExpiresAt is { } due)
        {
            _expiries.Enqueue(stored.Fact.Id, due);
        }
    }

    /// <summary>The vector is held once, in its index. One of another text is gone from the store, so it goes here.</summary>
    private void HoldVector(StoredFact stored)
    {
        if (Vectors is not null && stored.Vector.Length == Vectors.Dimensions)
        {
            Vectors.Put(stored.Fact.Id, stored.Vector.Span);
        }
        else
        {
            Vectors?.Remove(stored.Fact.Id);
        }
    }

    private void Reindex(IReadOnlyList<string> ids)
    {
        foreach (string id in ids)
        {
            Index(_memories[id].Stored);
        }
    }

    private void Index(StoredFact stored)
    {
        MemoryFact fact = stored.Fact;
        Terms.Put(
            new RecallDocument
            {
                Id = fact.Id,
                Kind = fact.Kind == MemoryKind.Turn ? RecallKind.Turn : RecallKind.Fact,
                Episode = _episodes.Of(stored),
                Owner = fact.Kind == MemoryKind.Fact ? $"{fact.Agent?.Length}/{fact.Agent}/{fact.User}" : null,
                Position = stored.Position,
                Speaker = fact.Speaker,
                Role = fact.Role,
                OccurredAt = fact.OccurredAt,
                Text = fact.Text,
                Caption = fact.Caption,
            }
        );
    }

    private void Shrink()
    {
        while (Count > 1 && (Count > _maxMemories || _bytes > _maxBytes) && _oldestFirst.TryDequeue(out string? oldest, out _))
        {
            IsPartial |= _memories.ContainsKey(oldest);
            Remove(oldest);
            _cut = (Count, _bytes);
        }
    }
}
