using System.Globalization;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// How we connect: our schema on the search path, statements prepared once, and plans that do not depend on how full a table is.
/// </summary>
internal static class PostgresConnections
{
    /// <summary>
    /// A plan that was made while a table was small must not read all of it when it has grown: tables are only ever entered through an
    /// index.
    /// </summary>
    private const string IndexOnly = "-c enable_seqscan=off";

    /// <summary>
    /// The commit statement joins the arrays of a batch. The planner believes that they hold ten rows and would pair each with each;
    /// hashing is right for ten and for a thousand. One plan is made per connection, since making it costs as much as a small batch. An
    /// index is read in its own order, not in that of the table's pages, because that is the order in which two batches lock what both
    /// want.
    /// </summary>
    private const string HashOnly =
        IndexOnly
        + " -c enable_nestloop=off -c enable_mergejoin=off -c enable_bitmapscan=off -c plan_cache_mode=force_generic_plan -c jit=off";

    private const string StatementText = "db.query.text";

    public static NpgsqlDataSource ForReading(PostgresStorageOptions options) =>
        Make(
            "orleans-memory reads",
            options,
            builder =>
            {
                builder.MinPoolSize = 0;
                builder.MaxPoolSize = options.MaxReadConnections;
                builder.MaxAutoPrepare = 64;
                builder.AutoPrepareMinUsages = 2;
                builder.Options = Join(builder.Options, $"{IndexOnly} -c jit=off {ClockOf(options)}");
                builder.ApplicationName ??= "orleans-memory";
            }
        );

    public static NpgsqlDataSource ForCommitting(PostgresStorageOptions options) =>
        Make(
            "orleans-memory commits",
            options,
            builder =>
            {
                builder.MinPoolSize = 0;
                builder.MaxPoolSize = options.Committers + 2;
                builder.MaxAutoPrepare = 16;
                builder.AutoPrepareMinUsages = 1;
                builder.CommandTimeout = Math.Max(1, (int)Math.Ceiling(options.CommitTimeout.TotalSeconds));
                builder.Timeout = builder.CommandTimeout;
                builder.Options = Join(builder.Options, $"{HashOnly} {ClockOf(options)}");
                builder.ApplicationName = (builder.ApplicationName ?? "orleans-memory") + " commits";
            }
        );

    public static NpgsqlDataSource ForStarting(PostgresStorageOptions options) =>
        Make("orleans-memory start", options, builder => builder.Pooling = false);

    public static NpgsqlDataSource ForMigrating(PostgresStorageOptions options) =>
        Make(
            "orleans-memory migration",
            options,
            builder => builder.Pooling = false,
            string.IsNullOrWhiteSpace(options.MigrationConnectionString) ? null : options.MigrationConnectionString
        );

    /// <summary>
    /// How far instants by which rows are removed may be ahead of the server's clock. Statements that remove by an instant read it; where
    /// it is not set, as behind a pooler that drops it, it counts as nothing.
    /// </summary>
    private static string ClockOf(PostgresStorageOptions options) =>
        options.ClockTolerance is { } tolerance
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"-c orleans_memory.sweep_ahead=0ms -c orleans_memory.turn_ahead={tolerance.TotalMilliseconds:0}ms"
            )
            : "-c orleans_memory.sweep_ahead=100000years -c orleans_memory.turn_ahead=100000years";

    private static NpgsqlDataSource Make(
        string name,
        PostgresStorageOptions options,
        Action<NpgsqlConnectionStringBuilder> configure,
        string? connectionString = null
    )
    {
        // The name is what metrics and traces know it by, which would be the connection string otherwise.
        var source = new NpgsqlDataSourceBuilder(connectionString ?? options.ConnectionString) { Name = name };
        NpgsqlConnectionStringBuilder builder = source.ConnectionStringBuilder;
        builder.SearchPath = options.Schema;
        configure(builder);

        // The text of a statement is of no use beside its own name, and none may ever hold a value.
        source.ConfigureTracing(static tracing =>
            tracing
                .ConfigureCommandEnrichmentCallback(static (activity, _) => activity.SetTag(StatementText, null))
                .ConfigureBatchEnrichmentCallback(static (activity, _) => activity.SetTag(StatementText, null))
        );
        return source.Build();
    }

    private static string Join(string? given, string ours) => string.IsNullOrWhiteSpace(given) ? ours : $"{given} {ours}";
}
