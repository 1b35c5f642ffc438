using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Limits of the HTTP surface: the section <c>OrleansMemory:Http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansMemory:Http";

    /// <summary>The largest request body, in bytes, except for imports.</summary>
    /// <value>Default: 32 MiB. Range: 1 KiB to 1 GiB.</value>
    [Range(1024, 1024 * 1024 * 1024, ErrorMessage = "OrleansMemory:Http:MaxRequestBytes must be 1024 to 1073741824.")]
    public int MaxRequestBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How many JSON tokens a request body may have: values, names, and beginnings and ends of objects and arrays. Imports are not counted.
    /// </summary>
    /// <value>Default: 500,000. Range: 1,000 to 100,000,000.</value>
    [Range(1_000, 100_000_000, ErrorMessage = "OrleansMemory:Http:MaxRequestTokens must be 1000 to 100000000.")]
    public int MaxRequestTokens { get; set; } = 500_000;

    /// <summary>
    /// How much memory request bodies may take at a time that are being read or worked on, of all tenants together, in bytes. Beyond it a
    /// body is refused with 429. A body counts for its bytes while it is read, and for eight times its bytes while it is worked on; a JSON
    /// token counts for 128 bytes more. Bodies of up to 16 KiB are not counted.
    /// </summary>
    /// <value>
    /// Default: <see langword="null"/>, twice <see cref="MaxTenantBodyBytesInFlight"/>: 634 MiB. Range:
    /// <see cref="MaxTenantBodyBytesInFlight"/> to 1 TiB.
    /// </value>
    [Range(
        1024 * 1024,
        1024L * 1024 * 1024 * 1024,
        ErrorMessage = "OrleansMemory:Http:MaxBodyBytesInFlight must be 1048576 to 1099511627776."
    )]
    public long? MaxBodyBytesInFlight { get; set; }

    /// <summary>The same, of one tenant.</summary>
    /// <value>
    /// Default: <see langword="null"/>, 256 MiB, or what the largest body takes if that is more: 317 MiB. Range: what the largest body
    /// takes (eight times <see cref="MaxRequestBytes"/>, and 128 bytes for each of <see cref="MaxRequestTokens"/>) to 1 TiB.
    /// </value>
    [Range(
        1024 * 1024,
        1024L * 1024 * 1024 * 1024,
        ErrorMessage = "OrleansMemory:Http:MaxTenantBodyBytesInFlight must be 1048576 to 1099511627776."
    )]
    public long? MaxTenantBodyBytesInFlight { get; set; }

    /// <summary>The largest import, in bytes. Imports are read in bounded memory.</summary>
    /// <value>Default: 1 GiB. Range: 1 KiB to 1 TiB.</value>
    [Range(1024, 1024L * 1024 * 1024 * 1024, ErrorMessage = "OrleansMemory:Http:MaxImportBytes must be 1024 to 1099511627776.")]
    public long MaxImportBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long <c>/health/ready</c> waits for the store.</summary>
    /// <value>Default: 2 seconds. Range: 10 milliseconds to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "OrleansMemory:Http:ReadyTimeout must be 10 ms to 1 minute.")]
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a live feed without events says that it is still there, so that nothing on the way takes the connection for dead.
    /// </summary>
    /// <value>Default: 15 seconds. Range: 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "OrleansMemory:Http:KeepAliveInterval must be 1 second to 1 hour.")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many connections there may be at a time; one more is closed at once.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxConnections must be 1 to 1000000.")]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// How many requests of all tenants together there may be at a time, those that wait for their turn included; one more is refused with
    /// 429.
    /// </summary>
    /// <value>Default: 8,192. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxRequestsInFlight must be 1 to 1000000.")]
    public int MaxRequestsInFlight { get; set; } = 8_192;

    /// <summary>The same, of one tenant.</summary>
    /// <value>Default: 4,096. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxTenantRequestsInFlight must be 1 to 1000000.")]
    public int MaxTenantRequestsInFlight { get; set; } = 4_096;

    /// <summary>
    /// How many requests of one tenant are worked on at a time while other tenants have sent requests within the last ten seconds; the
    /// others wait, in their order. One that has been worked on for a second is no longer counted.
    /// </summary>
    /// <value>Default: two for each processor (more serve one tenant faster and lengthen another's waits). Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Http:SharedRequestsAtATime must be 1 to 1000000.")]
    public int SharedRequestsAtATime { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// How many requests a second a tenant may send; after a pause of a second it may send as many at once. More are refused with 429.
    /// Opening a feed is one.
    /// </summary>
    /// <value>Default: <see langword="null"/>, no limit. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxTenantRequestsPerSecond must be 1 to 1000000.")]
    public int? MaxTenantRequestsPerSecond { get; set; }

    /// <summary>The same for tenants that have a limit of their own, by name.</summary>
    /// <value>Default: none. Range: 1 to 1,000,000 each.</value>
    public Dictionary<string, int> TenantRequestsPerSecond { get; } = new(StringComparer.Ordinal);

    /// <summary>How many live feeds of all tenants together there may be at a time; one more is refused with 429.</summary>
    /// <value>Default: 10,000. Range: 0 to 1,000,000.</value>
    [Range(0, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxFeeds must be 0 to 1000000.")]
    public int MaxFeeds { get; set; } = 10_000;

    /// <summary>The same, of one tenant.</summary>
    /// <value>Default: 2,000. Range: 0 to 1,000,000.</value>
    [Range(0, 1_000_000, ErrorMessage = "OrleansMemory:Http:MaxTenantFeeds must be 0 to 1000000.")]
    public int MaxTenantFeeds { get; set; } = 2_000;

    /// <summary>
    /// How long a reader of a feed may take nothing of what waits for it; then the connection is closed. It may connect again and go on
    /// behind the last event it had.
    /// </summary>
    /// <value>Default: 30 seconds. Range: 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "OrleansMemory:Http:FeedStallTimeout must be 1 second to 1 hour.")]
    public TimeSpan FeedStallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where a line for every request goes: <c>console</c>, or the path of a file, which is appended to.</summary>
    /// <value>Default: <see langword="null"/>, nowhere.</value>
    public string? AccessLog { get; set; }
}
