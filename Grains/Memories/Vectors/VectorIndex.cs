using System.Numerics.Tensors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Finds the memories whose vectors point most nearly where a question's points, by looking at every one of them: the result is exact. All
/// vectors are of one model. It holds everything in memory and is for one thread.
/// </summary>
/// <remarks>The results depend only on the vectors that are there, not on the order in which they came.</remarks>
internal sealed class VectorIndex
{
    private readonly VectorPages _vectors;
    private readonly List<string?> _ids = [];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimensions">How many numbers a vector has, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public VectorIndex(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
        _vectors = new VectorPages(dimensions);
    }

    /// <summary>How many numbers a vector has.</summary>
    public int Dimensions { get; }

    /// <summary>How many vectors it has.</summary>
    public int Count => _slots.Count;

    /// <summary>About how many bytes it holds, without the ids themselves.</summary>
    public long EstimatedBytes => _vectors.Bytes + (_ids.Capacity * 8L) + (_slots.EnsureCapacity(0) * 28L);

    /// <summary>Adds a memory's vector, or puts it in the place of the one that it had.</summary>
    /// <param name="id">The memory.</param>
    /// <param name="vector">The vector, of any length but zero; its direction is kept.</param>
    /// <exception cref="ArgumentException">
    /// It has another number of dimensions, or no direction: nothing but zeros, or numbers that are not finite.
    /// </exception>
    public void Put(string id, ReadOnlySpan<float> vector)
    {
        Check(vector, nameof(vector));
        if (!_slots.TryGetValue(id, out int slot))
        {
            slot = Claim(id);
        }

        UnitVectors.Normalize(vector, _vectors[slot]);
    }

    /// <summary>Takes a memory's vector out; its place is used again.</summary>
    /// <param name="id">The memory.</param>
    /// <returns>Whether it had one.</returns>
    public bool Remove(string id)
    {
        if (!_slots.Remove(id, out int slot))
        {
            return false;
        }

        _ids[slot] = null;
        _vectors[slot].Clear();
        _free.Push(slot);
        return true;
    }

    /// <summary>Whether a memory has a vector here.</summary>
    /// <param name="id">The memory.</param>
    public bool Contains(string id) => _slots.ContainsKey(id);

    /// <summary>Finds the nearest vectors.</summary>
    /// <param name="query">Where to look, with a direction.</param>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="least">The least similarity, -1 to 1.</param>
    /// <param name="accept">
    /// Which memories may be returned; it is asked before the cut to <paramref name="limit"/>. <see langword="null"/>: all.
    /// </param>
    /// <returns>The nearest first; of equally near ones, by id.</returns>
    /// <exception cref="ArgumentException">The query has another number of dimensions, or no direction.</exception>
    public VectorHit[] Search(ReadOnlySpan<float> query, int limit, float least = -1, Func<string, bool>? accept = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        Check(query, nameof(query));
        float[] direction = UnitVectors.Normalize(query);

        // Rounding may take a similarity of -1 a little further.
        var nearest = new NearestVectors(Math.Min(limit, Math.Max(Count, 1)), least <= -1 ? float.NegativeInfinity : least, accept);
        for (int page = 0, slot = 0; page < _vectors.Pages; page++)
        {
            ReadOnlySpan<float> vectors = _vectors.Page(page);
            int end = Math.Min(slot + _vectors.PageSlots, _ids.Count);
            for (int start = 0; slot < end; slot++, start += Dimensions)
            {
                nearest.Offer(_ids[slot], TensorPrimitives.Dot(vectors.Slice(start, Dimensions), direction));
            }
        }

        return nearest.Take();
    }

    private int Claim(string id)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _ids.Count;
            _vectors.Reserve(slot);
            _ids.Add(null);
        }

        _ids[slot] = id;
        _slots.Add(id, slot);
        return slot;
    }

    private void Check(ReadOnlySpan<float> vector, string parameter)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The vector has {vector.Length} dimensions; those of this index have {Dimensions}."),
                parameter
            );
        }

        if (!UnitVectors.HasDirection(vector))
        {
            throw new ArgumentException("The vector has no direction: its numbers are all zero, or not finite.", parameter);
        }
    }
}
