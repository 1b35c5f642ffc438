namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Gives memory back when the silo has become quiet. The garbage collector runs when something is allocated: after a load that ends, what
/// the load has left behind would stay with the process, and with its container, until the next one.
/// </summary>
/// <param name="timeProvider">Tells when to look.</param>
internal sealed class IdleMemory(TimeProvider timeProvider, IManagedHeap heap) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Less than this in an interval is what a silo allocates for its own beats.
    private const long QuietBytes = 8 * 1024 * 1024;

    // Less than this is not worth a collection.
    private const long WorthBytes = 64 * 1024 * 1024;

    // Pools let go of what has not been used for a minute, at a collection.
    private const int LooksBetween = 7;

    // One for the garbage, two for what pools and finalizers let go of after it.
    private const int Collections = 3;

    private long _allocated;
    private long _collectedAt;
    private int _quiet;
    private int _left;

    /// <summary>Looks once.</summary>
    public void Look()
    {
        long allocated = heap.AllocatedBytes;
        bool isQuiet = allocated - _allocated < QuietBytes;
        _allocated = allocated;
        if (!isQuiet)
        {
            _quiet = 0;
            return;
        }

        if (allocated - _collectedAt >= WorthBytes)
        {
            _left = Collections;
        }

        if (_left > 0 && _quiet++ % LooksBetween == 1)
        {
            _left--;
            heap.Collect();
            _collectedAt = _allocated = heap.AllocatedBytes;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }
}
