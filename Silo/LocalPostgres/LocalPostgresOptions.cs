namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>How a private PostgreSQL server is kept.</summary>
internal sealed record LocalPostgresOptions
{
    /// <summary>The folder of the server: its data, its log, its socket. Made when it does not exist; no one else may use it.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Whether the data is thrown away: the folder is removed when the server is disposed or this process ends, however it ends.
    /// </summary>
    /// <value>Default: <see langword="false"/>, the data stays.</value>
    public bool Temporary { get; init; }

    /// <summary>
    /// Whether what is committed is on the disk. Without, it outlives a crash of the server, but not one of the machine: for data that is
    /// thrown away.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Syncs { get; init; } = true;

    /// <summary>Memory for PostgreSQL's page cache, in megabytes.</summary>
    /// <value>Default: 128.</value>
    public int SharedBuffersMegabytes { get; init; } = 128;

    /// <summary>How many connections the server takes.</summary>
    /// <value>Default: 200.</value>
    public int MaxConnections { get; init; } = 200;

    /// <summary>How long a start, recovery after a crash included, or a stop may take before it is given up.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
}
