namespace OrleansMemory.Client.Retries;

/// <summary>What only this host can fail with: nothing, it has no network.</summary>
internal static class HostErrors
{
    /// <summary>Whether a failure passes by itself.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>Whether it is transient.</returns>
    public static bool IsTransient(Exception failure)
    {
        _ = failure;
        return false;
    }
}
