using System.ComponentModel.DataAnnotations;
using OrleansMemory.Certificates;

namespace OrleansMemory.Grains.Hosting;

/// <summary>A silo's place in a cluster whose members find each other in PostgreSQL.</summary>
/// <remarks>
/// Whoever is let in at the two ports can call grains as any tenant. On an address other than the loopback the silo starts only with
/// <see cref="Tls"/>, which asks every peer for a certificate, or with <see cref="AllowPlaintext"/>.
/// </remarks>
public sealed class PostgresClusterOptions
{
    /// <summary>
    /// Which cluster of the database: silos and clients of one id and one database find each other. Silos on a copy of the database are
    /// another cluster under the same id. 1 to 150 characters.
    /// </summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresClusterOptions.ClusterId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresClusterOptions.ClusterId must be 1 to 150 characters.")]
    public string ClusterId { get; set; } = DefaultId;

    /// <summary>
    /// To whom reminders and grain states belong, 1 to 150 characters. It stays the same for as long as the data does, also when another
    /// cluster takes over.
    /// </summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresClusterOptions.ServiceId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresClusterOptions.ServiceId must be 1 to 150 characters.")]
    public string ServiceId { get; set; } = DefaultId;

    /// <summary>The TCP port for other silos, 1 to 65,535.</summary>
    /// <value>Default: 11,111.</value>
    [Range(1, 65_535, ErrorMessage = "PostgresClusterOptions.SiloPort must be 1 to 65535.")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The TCP port for external clients (the gateway), 1 to 65,535, usually 30,000; 0 for a silo that takes none.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 65_535, ErrorMessage = "PostgresClusterOptions.GatewayPort must be 0 to 65535.")]
    public int GatewayPort { get; set; }

    /// <summary>The address at which other silos and clients reach this one: an IP address, or a name that has one.</summary>
    /// <value>Default: <see langword="null"/>, the machine's first IPv4 address that is not the loopback.</value>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Whether the ports listen on every address of the machine, and not only on the advertised one.</summary>
    /// <value>Default: false.</value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>TLS with certificates on both sides, at both ports.</summary>
    /// <value>Default: no TLS.</value>
    public ClusterTlsOptions Tls { get; set; } = new();

    /// <summary>
    /// Whether the ports may be on another address than the loopback without <see cref="Tls"/>: for a network that keeps others out and
    /// encrypts by itself, such as a service mesh or WireGuard, and for hosts that set up TLS at Orleans themselves.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowPlaintext { get; set; }

    internal const string DefaultId = "orleans-memory";
}
