namespace OrleansMemory.Silo.Hosting;

/// <summary>Where conversations are kept: the section <c>OrleansMemory:Store</c>.</summary>
internal sealed class StoreOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansMemory:Store";

    /// <summary>Which store.</summary>
    /// <value>Default: <see cref="StoreKind.Auto"/>.</value>
    public StoreKind Kind { get; set; } = StoreKind.Auto;

    /// <summary>The folder of the private PostgreSQL server, when one is started.</summary>
    /// <value>
    /// Default: <c>orleans-memory/postgres</c> in the user's folder for local application data; for root, in <c>/var/lib</c>.
    /// </value>
    public string? DataFolder { get; set; }
}

/// <summary>The stores to choose from.</summary>
internal enum StoreKind
{
    /// <summary>
    /// The connection string <c>Postgres</c> if there is one; else a private PostgreSQL server; else, without its binaries, memory.
    /// </summary>
    Auto,

    /// <summary>PostgreSQL as with <see cref="Auto"/>, but a failed start rather than memory.</summary>
    Postgres,

    /// <summary>Memory. Everything is forgotten at the end.</summary>
    Memory,
}
