using System.Runtime.CompilerServices;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A fact that needs what not every machine has, or that must be asked for. Without it the fact is left out, and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public class ConditionalFactAttribute : FactAttribute
{
    // What is missing, and how to get it; null when nothing is.
    public ConditionalFactAttribute(
        string? missing,
        [CallerFilePath] string? sourceFilePath = null,
        [CallerLineNumber] int sourceLineNumber = -1
    )
        : base(sourceFilePath, sourceLineNumber)
    {
        if (missing is not null)
        {
            Skip = "Left out: " + missing;
        }
    }
}
