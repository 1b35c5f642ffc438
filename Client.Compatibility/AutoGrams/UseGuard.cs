namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Refuses a second use while one is under way, so that two callers never mix a program's state.</summary>
internal sealed class UseGuard
{
    private int _used;
    private volatile bool _broken;

    /// <summary>Starts a use, which ends when what is returned is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another use is under way.</exception>
    public Use Enter() =>
        _broken
            ? throw new InvalidOperationException(
                "The program that ran in this memory has thrown, so the memory stands in mid-run. Open the conversation again, or load what was saved before the run."
            )
        : Interlocked.Exchange(ref _used, 1) == 0 ? new Use(this)
        : throw new InvalidOperationException("This memory is in use by another caller. A memory object is used by one program at a time.");

    /// <summary>Refuses every use from now on.</summary>
    public void Break() => _broken = true;

    /// <summary>One use.</summary>
    /// <param name="guard">The guard that it has passed.</param>
    internal readonly struct Use(UseGuard guard) : IDisposable
    {
        /// <inheritdoc />
        public void Dispose() => Volatile.Write(ref guard._used, 0);
    }
}
