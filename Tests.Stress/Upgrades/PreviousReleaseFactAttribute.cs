using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.Upgrades;

/// <summary>
/// A fact about the release before this one beside this one. <c>rolling-upgrade.sh</c> builds that release and names it in
/// <c>ORLEANSMEMORY_PREVIOUS_SILO</c> (the path of its <c>OrleansMemory.Silo.dll</c>); without it the fact is left out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PreviousReleaseFactAttribute : ConditionalFactAttribute
{
    private const string Variable = "ORLEANSMEMORY_PREVIOUS_SILO";

    public PreviousReleaseFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            Program.Length == 0
                ? $"{Variable} names no silo of the release before. Tests.Stress/rolling-upgrade.sh builds one and runs this."
                : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    /// <summary>The silo of the release before; empty where none was named.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable(Variable) ?? "";
}
