using System.Globalization;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// How many generated cases a test tries. <c>ORLEANSMEMORY_GENERATED</c> multiplies the number (1 by default, 1 to 10,000): a nightly run
/// or a hunt tries more than the gate has time for.
/// </summary>
internal static class Generated
{
    private static readonly int Times = int.TryParse(
        Environment.GetEnvironmentVariable("ORLEANSMEMORY_GENERATED"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out int given
    )
        ? Math.Clamp(given, 1, 10_000)
        : 1;

    /// <summary>The number of cases.</summary>
    /// <param name="cases">How many the gate tries.</param>
    /// <returns>As many, or a multiple.</returns>
    public static int Count(int cases) => cases * Times;

    /// <summary>The seeds of cases, from 0.</summary>
    /// <param name="cases">How many the gate tries.</param>
    /// <returns>As many, or a multiple.</returns>
    public static IEnumerable<int> Seeds(int cases) => Enumerable.Range(0, Count(cases));
}
