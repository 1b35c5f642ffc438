using System.ComponentModel.DataAnnotations;
using OrleansMemory.Certificates;

namespace OrleansMemory.Client.Postgres;

/// <summary>
/// How an external client finds the silos of a cluster that is listed in PostgreSQL. Silos take external clients only where
/// <c>OrleansMemory:Cluster:GatewayPort</c> is set.
/// </summary>
public sealed class PostgresGatewayOptions
{
    /// <summary>
    /// The Npgsql connection string of the silos' database. The account needs to read the tables <c>orleansquery</c> and
    /// <c>orleans_member</c>, no more.
    /// </summary>
    [Required(
        AllowEmptyStrings = false,
        ErrorMessage = "PostgresGatewayOptions.ConnectionString is missing. Set it to an Npgsql connection string."
    )]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The schema that the silos use: 1 to 63 lower-case ASCII letters, digits or underscores, not starting with a digit.
    /// </summary>
    /// <value>Default: <c>orleans_memory</c>.</value>
    [RegularExpression(
        "^[a-z_][a-z0-9_]{0,62}$",
        ErrorMessage = "PostgresGatewayOptions.Schema must be 1 to 63 lower-case ASCII letters, digits or underscores, not starting with a digit."
    )]
    public string Schema { get; set; } = "orleans_memory";

    /// <summary>The cluster's id, as the silos have it: 1 to 150 characters.</summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresGatewayOptions.ClusterId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresGatewayOptions.ClusterId must be 1 to 150 characters.")]
    public string ClusterId { get; set; } = "orleans-memory";

    /// <summary>The service's id, as the silos have it: 1 to 150 characters.</summary>
    /// <value>Default: <c>orleans-memory</c>.</value>
    [Required(AllowEmptyStrings = false, ErrorMessage = "PostgresGatewayOptions.ServiceId must be 1 to 150 characters.")]
    [StringLength(150, ErrorMessage = "PostgresGatewayOptions.ServiceId must be 1 to 150 characters.")]
    public string ServiceId { get; set; } = "orleans-memory";

    /// <summary>
    /// How often the list of silos is read again, 1 second to 1 hour. A new silo takes this client's calls after it at the latest.
    /// </summary>
    /// <value>Default: 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "PostgresGatewayOptions.RefreshInterval must be 1 second to 1 hour.")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the start looks for a first silo, 0 to 1 day: the database may not run yet, or no silo may have joined. After it the start
    /// fails with what went wrong last.
    /// </summary>
    /// <value>Default: 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "PostgresGatewayOptions.ConnectTime must be 0 to 1 day.")]
    public TimeSpan ConnectTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// TLS with certificates on both sides, as the silos have it. A client's certificate has the extended key usage clientAuth.
    /// </summary>
    /// <value>Default: no TLS, which only silos take whose gateways are in plaintext.</value>
    public ClusterTlsOptions Tls { get; set; } = new();
}
