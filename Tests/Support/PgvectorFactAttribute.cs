using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A fact about the extension <c>vector</c> (pgvector). Where the server of the tests does not have it, the fact is left out and says so;
/// the product needs no extension.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgvectorFactAttribute : ConditionalFactAttribute
{
    private static readonly Lazy<bool> Available = new(IsAvailable);

    public PgvectorFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            !Available.Value
                ? "this PostgreSQL does not have the extension vector. Install pgvector for it (the package postgresql-VERSION-pgvector, or from its sources)."
                : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    private static bool IsAvailable()
    {
        string? given = Environment.GetEnvironmentVariable("ConnectionStrings__Postgres");
        return string.IsNullOrWhiteSpace(given)
            ? Folders().Any(folder => File.Exists(Path.Combine(folder, "vector.control")))
            : IsAvailableOn(given);
    }

    private static bool IsAvailableOn(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand("select exists (select from pg_available_extensions where name = 'vector')", connection);
        return command.ExecuteScalar() is true;
    }

    /// <summary>Where the private server of a test run looks for extensions: tests are listed without starting one.</summary>
    private static IEnumerable<string> Folders()
    {
        if (LocalPostgresBinaries.Find() is not { } binaries)
        {
            yield break;
        }

        string root = Path.GetDirectoryName(binaries.Folder)!;
        yield return Path.Combine(root, "share", "extension");
        yield return Path.Combine(root, "share", "postgresql", "extension");
        yield return Path.Combine("/usr/share/postgresql", Path.GetFileName(root), "extension");
    }
}
