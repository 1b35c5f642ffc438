namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>What one tenant has in the pipeline.</summary>
internal sealed class TenantShare
{
    private long _turns;
    private long _bytes;

    /// <summary>Adds turns.</summary>
    /// <param name="turns">How many; less than 0 when they have been settled.</param>
    /// <param name="bytes">The bytes of their content.</param>
    /// <returns>What there is now.</returns>
    public (long Turns, long Bytes) Add(long turns, long bytes) => (Interlocked.Add(ref _turns, turns), Interlocked.Add(ref _bytes, bytes));
}
