using Npgsql;
using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Tests.Support;

/// <summary>How private servers and their databases are reached.</summary>
internal static class LocalServers
{
    /// <summary>The folder of a server's socket.</summary>
    public static string SocketOf(LocalPostgresServer server) => new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;

    /// <summary>The connection string of a database.</summary>
    public static string On(LocalPostgresServer server, string database, int port = 5432) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, Port = port }.ConnectionString;

    /// <summary>What PostgreSQL's programs need to reach it.</summary>
    public static (string Name, string Value)[] Reach(LocalPostgresServer server) =>
        [("PGHOST", SocketOf(server)), ("PGPORT", "5432"), ("PGUSER", "postgres")];
}
