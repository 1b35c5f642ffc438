using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>
/// A fact that takes minutes to hours: <c>hostile.sh</c> says in <c>ORLEANSMEMORY_HOSTILE</c> how many requests it is to send. Without that
/// it is left out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HostileFactAttribute : ConditionalFactAttribute
{
    private const string Variable = "ORLEANSMEMORY_HOSTILE";

    public HostileFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            Requests == 0 ? $"{Variable} asks for no requests. Tests.Stress/hostile.sh runs this." : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    /// <summary>How many requests were asked for.</summary>
    public static int Requests => Number(Variable, 0);

    /// <summary>The first seed.</summary>
    public static int FirstSeed => Number(Variable + "_SEED", 1);

    /// <summary>How many sequences at once, the first of the first seed and each of the next.</summary>
    public static int Generators => Number(Variable + "_GENERATORS", 4);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : otherwise;
}
