namespace OrleansMemory.Client.Retries;

/// <summary>The end of an enumeration of a grain that cannot be reached any more.</summary>
internal static class BrokenEnumerator
{
    /// <summary>
    /// Lets go of an enumerator. Doing so tells the grain that is no longer read, which can fail like every call, and after the client has
    /// stopped always does; the grain then finds out by itself, and the failure that broke the enumeration is the one that counts.
    /// </summary>
    /// <returns>A task that ends when the grain was told, or cannot be.</returns>
    public static async ValueTask LetGoAsync(IAsyncDisposable enumerator)
    {
        try
        {
            await enumerator.DisposeAsync();
        }
        catch (Exception failure) when (failure is ObjectDisposedException || TransientErrors.IsTransient(failure, CancellationToken.None))
        {
            // See above: there is no one left to tell.
        }
    }
}
