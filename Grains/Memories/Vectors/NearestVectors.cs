using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>Keeps the nearest vectors of a search: by similarity, of equal ones by id.</summary>
internal sealed class NearestVectors
{
    private readonly int _limit;
    private readonly Func<string, bool>? _accept;
    private readonly PriorityQueue<VectorHit, VectorHit> _kept = new(WorstFirst);
    private float _least;

    /// <summary>Starts with none.</summary>
    /// <param name="limit">How many are kept, 1 or more.</param>
    /// <param name="least">What a vector must reach.</param>
    /// <param name="accept">Which may be kept; <see langword="null"/>: all.</param>
    public NearestVectors(int limit, float least, Func<string, bool>? accept) => (_limit, _least, _accept) = (limit, least, accept);

    private static Comparer<VectorHit> WorstFirst { get; } =
        Comparer<VectorHit>.Create(
            static (x, y) =>
            {
                int order = x.Similarity.CompareTo(y.Similarity);
                return order != 0 ? order : string.CompareOrdinal(y.Id, x.Id);
            }
        );

    /// <summary>Offers a vector.</summary>
    /// <param name="id">Its memory; <see langword="null"/> for an empty slot.</param>
    /// <param name="similarity">How near it is.</param>
    public void Offer(string? id, float similarity)
    {
        if (!(similarity >= _least) || id is null)
        {
            return;
        }

        var offered = new VectorHit(id, similarity);
        bool full = _kept.Count == _limit;
        if ((full && WorstFirst.Compare(offered, _kept.Peek()) <= 0) || _accept?.Invoke(id) == false)
        {
            return;
        }

        if (full)
        {
            _kept.DequeueEnqueue(offered, offered);
        }
        else
        {
            _kept.Enqueue(offered, offered);
        }

        if (_kept.Count == _limit)
        {
            _least = _kept.Peek().Similarity;
        }
    }

    /// <summary>Ends the search.</summary>
    /// <returns>The nearest, nearest first.</returns>
    public VectorHit[] Take()
    {
        var nearest = new VectorHit[_kept.Count];
        for (int i = nearest.Length - 1; i >= 0; i--)
        {
            nearest[i] = _kept.Dequeue();
        }

        return nearest;
    }
}
