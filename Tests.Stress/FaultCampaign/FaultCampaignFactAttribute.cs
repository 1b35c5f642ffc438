using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// A fact that takes minutes to hours: <c>fault-campaign.sh</c> says in <c>ORLEANSMEMORY_FAULT_CAMPAIGN</c> how many schedules it is to
/// run. Without that it is left out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaultCampaignFactAttribute : ConditionalFactAttribute
{
    private const string Variable = "ORLEANSMEMORY_FAULT_CAMPAIGN";

    public FaultCampaignFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            Schedules == 0 ? $"{Variable} asks for no schedules. Tests.Stress/fault-campaign.sh runs this." : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    /// <summary>How many schedules were asked for.</summary>
    public static int Schedules => Number(Variable, 0);

    /// <summary>The first seed.</summary>
    public static int FirstSeed => Number(Variable + "_SEED", 1);

    /// <summary>Where figures are added up over several runs; <see langword="null"/> for nowhere.</summary>
    public static string? Figures => Environment.GetEnvironmentVariable(Variable + "_FIGURES");

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : otherwise;
}
