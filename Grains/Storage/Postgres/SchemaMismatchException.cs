namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The database's schema does not fit this build. Nothing was changed.</summary>
public sealed class SchemaMismatchException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="number">The number of the schema script that does not fit.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    public SchemaMismatchException(int number, string message)
        : base(message) => Number = number;

    /// <summary>The number of the schema script that does not fit.</summary>
    public int Number { get; }
}
