namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Vectors of one length by slot, in contiguous memory page by page: a small set takes little, and a large one grows without being copied.
/// </summary>
/// <param name="dimensions">The length of a vector.</param>
internal sealed class VectorPages(int dimensions)
{
    private const int FirstSlots = 16;
    private const int PageFloats = 256 * 1024;

    private readonly List<float[]> _pages = [];

    /// <summary>How many vectors a full page has.</summary>
    public int PageSlots { get; } = Math.Max(FirstSlots, PageFloats / dimensions);

    /// <summary>How many pages there are.</summary>
    public int Pages => _pages.Count;

    /// <summary>How many bytes the pages take.</summary>
    public long Bytes => _pages.Sum(page => (long)page.Length * sizeof(float));

    /// <summary>The vector in a slot.</summary>
    /// <param name="slot">The slot; <see cref="Reserve"/> has made it.</param>
    public Span<float> this[int slot] => _pages[slot / PageSlots].AsSpan(slot % PageSlots * dimensions, dimensions);

    /// <summary>A page: its vectors one after the other.</summary>
    /// <param name="page">Which.</param>
    public ReadOnlySpan<float> Page(int page) => _pages[page];

    /// <summary>Makes sure that a slot is there.</summary>
    /// <param name="slot">At most one more than there were.</param>
    public void Reserve(int slot)
    {
        int page = slot / PageSlots;
        if (page == _pages.Count)
        {
            _pages.Add(new float[(page == 0 ? FirstSlots : PageSlots) * dimensions]);
        }

        // Only the first page grows.
        float[] floats = _pages[page];
        int slots = floats.Length / dimensions;
        if (slot % PageSlots >= slots)
        {
            Array.Resize(ref floats, Math.Min(slots * 2, PageSlots) * dimensions);
            _pages[page] = floats;
        }
    }
}
