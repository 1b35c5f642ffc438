using OrleansMemory.AspNetCore;

namespace OrleansMemory.Silo.Errors;

/// <summary>Ends a request with a problem that has no exception of its own.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Title)
{
    /// <summary>The answer.</summary>
    public Problem Problem { get; } = problem;
}
