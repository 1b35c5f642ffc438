using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>
/// PostgreSQL's own load generator: each client inserts one message of 300 bytes per commit, with nothing else in between.
/// </summary>
internal sealed partial class PgBench
{
    /// <summary>How many clients: DESIGN section 8 compares with 32.</summary>
    public const int Clients = 32;

    // Its clients connect within the time that it is given, and it divides by what is left of it. On a quiet machine a second is enough for
    // 32 of them; where it was not, nothing was inserted, and it gets twice the time.
    private const int ConnectingSeconds = 1;
    private const int MostSeconds = 120;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly string _schema;

    private PgBench(NpgsqlConnectionStringBuilder connection, string schema)
    {
        _connection = connection;
        _schema = schema;
    }

    /// <summary>Makes its table, in a schema of its own.</summary>
    /// <param name="database">The run's database.</param>
    /// <returns>The floor.</returns>
    public static async Task<PgBench> CreateAsync(BenchmarkDatabase database)
    {
        string schema = (await database.CreateSchemaAsync()).Schema;
        await database.ExecuteInAsync(schema, BenchmarkSql.CreateSingleInsertTable);
        return new PgBench(new NpgsqlConnectionStringBuilder(database.ConnectionString), schema);
    }

    /// <summary>Inserts for a while.</summary>
    /// <param name="duration">How long, connecting apart; pgbench takes whole seconds, so it is rounded up.</param>
    /// <returns>Inserts a second.</returns>
    /// <exception cref="InvalidOperationException">pgbench is not there, or it failed.</exception>
    public async Task<double> RunAsync(TimeSpan duration)
    {
        string script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                script,
                BenchmarkSql.InsertSingleRow.Replace("{contents}", ConversationInput.Contents, StringComparison.Ordinal)
            );
            for (int seconds = (int)Math.Ceiling(duration.TotalSeconds) + ConnectingSeconds; seconds <= MostSeconds; seconds *= 2)
            {
                if (await RunOnceAsync(script, seconds) is { } rate)
                {
                    return rate;
                }
            }

            throw new InvalidOperationException(FormattableString.Invariant($"pgbench inserted nothing within {MostSeconds} s."));
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task<double?> RunOnceAsync(string script, int seconds)
    {
        using Process process = Process.Start(Command(script, seconds)) ?? throw new InvalidOperationException("pgbench did not start.");
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Match rate = Rate().Match(output);
        return process.ExitCode != 0
                ? throw new InvalidOperationException(FormattableString.Invariant($"pgbench ended with {process.ExitCode}: {output}"))
            : rate.Success ? double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture)
            : null;
    }

    private ProcessStartInfo Command(string script, int seconds)
    {
        string threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Find(),
            [
                "--no-vacuum",
                "--client",
                Clients.ToString(CultureInfo.InvariantCulture),
                "--jobs",
                threads,
                "--protocol",
                "prepared",
                "--time",
                seconds.ToString(CultureInfo.InvariantCulture),
                "--file",
                script,
                "--host",
                _connection.Host!,
                "--port",
                _connection.Port.ToString(CultureInfo.InvariantCulture),
                "--username",
                _connection.Username!,
                _connection.Database!,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["PGOPTIONS"] = $"-c search_path={_schema}";
        if (_connection.Password is { Length: > 0 } password)
        {
            start.Environment["PGPASSWORD"] = password;
        }

        return start;
    }

    private static string Find()
    {
        string name = OperatingSystem.IsWindows() ? "pgbench.exe" : "pgbench";
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders
                .Prepend(LocalPostgresBinaries.Find()?.Folder ?? "")
                .Select(folder => Path.Combine(folder, name))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "pgbench is not there: install the programs of PostgreSQL (Debian: postgresql), or put its folder on the PATH."
            );
    }

    [GeneratedRegex(@"tps = (?<rate>[0-9.]+)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Rate();
}
