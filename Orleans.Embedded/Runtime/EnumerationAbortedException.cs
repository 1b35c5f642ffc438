namespace Orleans.Runtime;

/// <summary>A stream of results ended before its last element: its grain was deactivated, its host stops, or nobody read it for
/// long.</summary>
[GenerateSerializer]
public sealed class EnumerationAbortedException : Exception
{
    /// <summary>The stream ended before its last element.</summary>
    public EnumerationAbortedException()
        : base("The grain ended the enumeration before its last element.")
    {
    }

    /// <summary>The stream ended before its last element.</summary>
    /// <param name="message">What happened.</param>
    public EnumerationAbortedException(string message)
        : base(message)
    {
    }

    /// <summary>The stream ended before its last element.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public EnumerationAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
