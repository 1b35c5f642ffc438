using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>How conversations are kept in PostgreSQL (15 or later; no extension is needed).</summary>
/// <remarks>
/// A silo holds at most <see cref="MaxReadConnections"/> + <see cref="Committers"/> + 2 + <see cref="MaxProviderConnections"/> connections,
/// 28 by default. One more is open while the schema is looked at or migrated, before the others are. Pool sizes in the connection string
/// are not used.
/// </remarks>
public sealed class PostgresStorageOptions
{
    /// <summary>
    /// The Npgsql connection string, or a URI: <c>postgres://user:password@host:5432/database</c>. The account must own the schema, or be
    /// allowed to create it, unless <see cref="MigrationConnectionString"/> names one that does; then the rights are enough that
    /// <c>deploy/postgres-roles.sql</c> grants.
    /// </summary>
    [Required(
        AllowEmptyStrings = false,
        ErrorMessage = "PostgresStorageOptions.ConnectionString is missing. Set it to an Npgsql connection string."
    )]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The connection string of an account that owns the schema, in either form, for the start alone: it is used where schema scripts must
    /// be run, and closed before the others are opened.
    /// </summary>
    /// <value>Default: <see langword="null"/>, the account of <see cref="ConnectionString"/>.</value>
    public string? MigrationConnectionString { get; set; }

    /// <summary>
    /// A role for row security: what reads for one tenant reads as this role, which sees conversations, messages, entries and memories of
    /// that tenant only, whatever a statement says, and can change nothing. The account of <see cref="ConnectionString"/> must be allowed
    /// to become it without inheriting its rights; its policies are made with the schema. 1 to 63 lower-case ASCII letters, digits or
    /// underscores, not starting with a digit.
    /// </summary>
    /// <value>Default: <see langword="null"/>, as is an empty text: no row security.</value>
    [RegularExpression(
        "^([a-z_][a-z0-9_]{0,62})?$",
        ErrorMessage = "PostgresStorageOptions.ReadingRole must be 1 to 63 lower-case ASCII letters, digits or underscores, not starting with a digit, or empty."
    )]
    public string? ReadingRole { get; set; }

    /// <summary>
    /// The schema that holds our tables: 1 to 63 lower-case ASCII letters, digits or underscores, not starting with a digit.
    /// </summary>
    /// <value>Default: <c>orleans_memory</c>.</value>
    [RegularExpression(
        "^[a-z_][a-z0-9_]{0,62}$",
        ErrorMessage = "PostgresStorageOptions.Schema must be 1 to 63 lower-case ASCII letters, digits or underscores, not starting with a digit."
    )]
    public string Schema { get; set; } = "orleans_memory";

    /// <summary>How many batches may be written at the same time, 1 to 16. A conversation always goes to the same committer.</summary>
    /// <value>Default: 2.</value>
    [Range(1, 16, ErrorMessage = "PostgresStorageOptions.Committers must be 1 to 16.")]
    public int Committers { get; set; } = 2;

    /// <summary>
    /// The most turns in one batch, 1 to 10,000. While tenants share the silo each has 4 of them at most, and 256 KiB or one larger turn.
    /// </summary>
    /// <value>Default: 512.</value>
    [Range(1, 10_000, ErrorMessage = "PostgresStorageOptions.MaxBatchTurns must be 1 to 10000.")]
    public int MaxBatchTurns { get; set; } = 512;

    /// <summary>The most bytes of content in one batch, 64 KiB to 256 MiB. A larger turn makes a batch of its own.</summary>
    /// <value>Default: 8 MiB.</value>
    [Range(64 * 1024, 256 * 1024 * 1024, ErrorMessage = "PostgresStorageOptions.MaxBatchBytes must be 64 KiB to 256 MiB.")]
    public int MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The most turns that wait or are being written, 1 to 1,000,000. One more is refused at once. While tenants share the silo (more than
    /// one has sent turns within ten seconds) one may have half.
    /// </summary>
    /// <value>Default: 16,384.</value>
    [Range(1, 1_000_000, ErrorMessage = "PostgresStorageOptions.MaxQueuedTurns must be 1 to 1000000.")]
    public int MaxQueuedTurns { get; set; } = 16_384;

    /// <summary>
    /// The most bytes of content that wait or are being written, 64 KiB to 4 GiB. More is refused at once, unless nothing waits. While
    /// tenants share the silo one may have half.
    /// </summary>
    /// <value>Default: 256 MiB.</value>
    [Range(64 * 1024L, 4L * 1024 * 1024 * 1024, ErrorMessage = "PostgresStorageOptions.MaxQueuedBytes must be 64 KiB to 4 GiB.")]
    public long MaxQueuedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// How long a turn is offered to a database that does not answer, 100 ms to 5 minutes. After it the caller is told that the store is
    /// unavailable. Keep it under the response time-out of grain calls (30 s by default).
    /// </summary>
    /// <value>Default: 10 s.</value>
    [Range(
        typeof(TimeSpan),
        "00:00:00.1000000",
        "00:05:00",
        ErrorMessage = "PostgresStorageOptions.CommitTimeout must be 100 ms to 5 minutes."
    )]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections for reading, 1 to 1,000.</summary>
    /// <value>Default: 20.</value>
    [Range(1, 1_000, ErrorMessage = "PostgresStorageOptions.MaxReadConnections must be 1 to 1000.")]
    public int MaxReadConnections { get; set; } = 20;

    /// <summary>
    /// The most connections of Orleans' own providers (members, reminders, tenant settings), 1 to 1,000. They hold one for the time of a
    /// statement; more calls than that wait for one, up to the connection string's <c>Timeout</c>.
    /// </summary>
    /// <value>Default: 4.</value>
    [Range(1, 1_000, ErrorMessage = "PostgresStorageOptions.MaxProviderConnections must be 1 to 1000.")]
    public int MaxProviderConnections { get; set; } = 4;

    /// <summary>
    /// How long the start waits for a database that does not answer yet, 0 (one attempt) to 10 minutes. One that refuses us is not waited
    /// for.
    /// </summary>
    /// <value>Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "PostgresStorageOptions.StartWait must be 0 to 10 minutes.")]
    public TimeSpan StartWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// By how much the instant of a turn may be ahead of the server's clock where it sets an expired life aside; sweeps may not be ahead at
    /// all. <see langword="null"/> where the clock of conversations is the application's own: then instants are taken as they come. The
    /// host sets it.
    /// </summary>
    internal TimeSpan? ClockTolerance { get; set; }
}
