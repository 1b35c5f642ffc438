namespace OrleansMemory.Client.Runs;

/// <summary>What is stored of a streaming run that failed, was cancelled or was abandoned after the model had been called.</summary>
/// <remarks>
/// Staged changes are never stored then, and what is stored goes under a turn id of its own (the run's, with <c>#partial</c>): repeating
/// the run runs it anew and stores its
/// input once more.
/// </remarks>
public enum StoredOnFailure
{
    /// <summary>Nothing: the run has not happened.</summary>
    Nothing = 0,

    /// <summary>The input.</summary>
    Input = 1,

    /// <summary>The input, and what had been streamed of the response.</summary>
    InputAndPartialResponse = 2,
}
