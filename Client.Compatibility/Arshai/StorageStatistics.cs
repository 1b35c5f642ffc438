namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>How many memories there are, and which.</summary>
/// <param name="TotalEntries">How many.</param>
/// <param name="MemoryKeys">Their keys, ordinally ordered.</param>
public sealed record StorageStatistics(int TotalEntries, IReadOnlyList<string> MemoryKeys)
{
    /// <summary>Counts memories.</summary>
    /// <param name="storage">The memories by key.</param>
    /// <returns>How many there are, and their keys.</returns>
    public static StorageStatistics Of(IReadOnlyDictionary<string, StoredWorkingMemory> storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return new StorageStatistics(storage.Count, [.. storage.Keys.Order(StringComparer.Ordinal)]);
    }
}
