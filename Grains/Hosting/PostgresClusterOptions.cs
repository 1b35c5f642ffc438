using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Hosting;

/// <summary>A silo's place in a cluster whose members find each other in PostgreSQL.</summary>
/// <remarks>Whoever reaches the two ports can call grains as any tenant: they belong in a private network, never on the internet.</remarks>
public sealed class PostgresClusterOptions
{
    /// <summary>Which cluster: silos and clients of one id find each other. 1 to 150 characters.</summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresClusterOptions.ClusterId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresClusterOptions.ClusterId must be 1 to 150 characters.")]
    public string ClusterId { get; set; } = DefaultId;

    /// <summary>
    /// To whom reminders and grain states belong, 1 to 150 characters. It stays the same for as long as the data does, also when another cluster takes over.
    /// </summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresClusterOptions.ServiceId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresClusterOptions.ServiceId must be 1 to 150 characters.")]
    public string ServiceId { get; set; } = DefaultId;

    /// <summary>The TCP port for other silos, 1 to 65,535.</summary>
    /// <value>Default: 11,111.</value>
    [Range(1, 65_535, ErrorMessage = "PostgresClusterOptions.SiloPort must be 1 to 65535.")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The TCP port for external clients, 1 to 65,535, or 0 for a silo that takes none.</summary>
    /// <value>Default: 30,000.</value>
    [Range(0, 65_535, ErrorMessage = "PostgresClusterOptions.GatewayPort must be 0 to 65535.")]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The address at which other silos and clients reach this one: an IP address, or a name that has one.</summary>
    /// <value>Default: <see langword="null"/>, the machine's first IPv4 address that is not the loopback.</value>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Whether the ports listen on every address of the machine, and not only on the advertised one.</summary>
    /// <value>Default: false.</value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>
    /// How long a conversation that nobody uses stays in memory, 2 minutes to 1 day. People answer within minutes; coming back costs a few milliseconds, staying
    /// costs the newest messages and all entries in memory.
    /// </summary>
    /// <value>Default: 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00", ErrorMessage = "PostgresClusterOptions.IdleTime must be 2 minutes to 1 day.")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(10);

    internal const string DefaultId = GrainStates.DefaultServiceId;
}
