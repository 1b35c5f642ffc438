using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>A saved program cannot go on, because its code has changed and the place is not there any more.</summary>
public sealed class RestartFailedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="functionName">The function.</param>
    public RestartFailedException(string functionName)
        : base(
            $"Restart Failed for @autogram_function() `{functionName}`. Its code has changed since the memory was saved, and it has no address from "
                + "which the old place could be found. Give replies and calls an address."
        ) => FunctionName = functionName;

    /// <summary>The function.</summary>
    public string FunctionName { get; }
}
