namespace OrleansMemory.Cli.Transfer.Progress;

/// <summary>How far a transfer has got. Several threads may tell it.</summary>
internal sealed class TransferMeter
{
    private long _done;
    private long _total;

    /// <summary>How much has been done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>How much there is; 0 while that is not known.</summary>
    public long Total
    {
        get => Interlocked.Read(ref _total);
        set => Interlocked.Exchange(ref _total, value);
    }

    /// <summary>Says that more has been done.</summary>
    public void Add(long count) => Interlocked.Add(ref _done, count);

    /// <summary>Says how much has been done.</summary>
    public void Set(long count) => Interlocked.Exchange(ref _done, count);
}
