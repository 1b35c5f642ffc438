using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Expiry;

/// <summary>How the expiry wheel removes what is expired. Reads never see it, however late it is removed.</summary>
public sealed class ExpiryOptions
{
    /// <summary>
    /// How many expiry grains there are, each with one reminder: a power of two, 1 to 256. It must be the same on all silos.
    /// </summary>
    /// <value>Default: 32.</value>
    public int Grains { get; set; } = 32;

    /// <summary>How often each of them looks, 1 minute (the shortest period of a reminder) to 1 day.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "ExpiryOptions.Period must be 1 minute to 1 day.")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most conversations, and the most entries, that one transaction removes: 1 to 10,000.</summary>
    /// <value>Default: 2,000.</value>
    [Range(1, 10_000, ErrorMessage = "ExpiryOptions.BatchSize must be 1 to 10000.")]
    public int BatchSize { get; set; } = 2_000;

    /// <summary>
    /// The most transactions of one sweep, 1 to 10,000. With a backlog the next sweep follows at once, after the grain's waiting calls.
    /// </summary>
    /// <value>Default: 100.</value>
    [Range(1, 10_000, ErrorMessage = "ExpiryOptions.SweepBatches must be 1 to 10000.")]
    public int SweepBatches { get; set; } = 100;

    /// <summary>About the longest that one sweep may take, 10 milliseconds to 20 seconds.</summary>
    /// <value>Default: 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "00:00:20", ErrorMessage = "ExpiryOptions.SweepTime must be 10 ms to 20 seconds.")]
    public TimeSpan SweepTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many grains of one silo may be at the store at the same time, 1 to 256.</summary>
    /// <value>Default: 2.</value>
    [Range(1, 256, ErrorMessage = "ExpiryOptions.ConcurrentSweeps must be 1 to 256.")]
    public int ConcurrentSweeps { get; set; } = 2;
}
