using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>A fact that needs what not every machine has, or that must be asked for. Without it the fact is left out, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ConditionalFactAttribute : FactAttribute
{
    // What is missing, and how to get it; null when nothing is.
    protected ConditionalFactAttribute(string? missing, string? sourceFilePath, int sourceLineNumber)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (missing is not null)
        {
            Skip = "Left out: " + missing;
        }
    }
}
