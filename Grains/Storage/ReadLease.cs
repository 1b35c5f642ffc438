namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Whether reads may be answered from memory without asking the store. A silo that others have declared dead, while it was frozen or cut off, does not know it: its activations still hold what
/// was true then, and another silo has gone on, or deleted it. So what a silo holds counts for as long as nobody can have declared it dead, and after that only where the store has nothing newer.
/// </summary>
/// <remarks>Turns need no lease: the store checks their version. The clock is one that goes on while the process is frozen.</remarks>
/// <param name="timeProvider">The clock.</param>
internal sealed class ReadLease(TimeProvider timeProvider)
{
    // Where nobody declares silos dead, nobody renews.
    private long _until = long.MaxValue;

    /// <summary>Whether it holds now.</summary>
    public bool Holds => timeProvider.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>From now on reads ask the store, until somebody renews.</summary>
    public void End() => Volatile.Write(ref _until, long.MinValue);

    /// <summary>Renews the lease.</summary>
    /// <param name="seen">When the silo began to ask whether it is alive, as a timestamp of the clock; it was told that it is.</param>
    /// <param name="length">For how long after that nobody can have declared it dead.</param>
    public void Renew(long seen, TimeSpan length) => Volatile.Write(ref _until, seen + (long)(length.TotalSeconds * timeProvider.TimestampFrequency));

    /// <summary>When something begins, for <see cref="Renew"/>.</summary>
    /// <returns>A timestamp of the clock.</returns>
    public long Now() => timeProvider.GetTimestamp();
}
