namespace OrleansMemory.Errors;

/// <summary>An argument is not valid. The message says what would be.</summary>
[GenerateSerializer, Alias("OrleansMemory.InvalidRequestException")]
public sealed class InvalidRequestException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="parameter">The part of the request that is wrong, as a path such as <c>messages[2].role</c>.</param>
    /// <param name="message">What was wrong, and what would be right.</param>
    public InvalidRequestException(string parameter, string message)
        : base(message) => Parameter = parameter;

    /// <summary>The part of the request that is wrong, as a path such as <c>messages[2].role</c>.</summary>
    [Id(0)]
    public string Parameter { get; }
}
