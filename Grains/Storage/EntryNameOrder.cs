namespace OrleansMemory.Grains.Storage;

/// <summary>Orders entries by space and key, ordinally by their UTF-8 form, as the stores do.</summary>
internal sealed class EntryNameOrder : IComparer<EntryName>
{
    public static EntryNameOrder Instance { get; } = new();

    public int Compare(EntryName x, EntryName y)
    {
        int bySpace = CompareText(x.Space, y.Space);
        return bySpace != 0 ? bySpace : CompareText(x.Key, y.Key);
    }

    /// <summary>Code point order: UTF-16 units compare as UTF-8 bytes do, save that surrogates stand for the highest code points.</summary>
    private static int CompareText(string x, string y)
    {
        int common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length)
        {
            return x.Length.CompareTo(y.Length);
        }

        (char a, char b) = (x[common], y[common]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b)
            : char.IsSurrogate(a) ? 1
            : -1;
    }
}
