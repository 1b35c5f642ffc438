using System.Globalization;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// The seeds of schedules that chance decides. A seed is part of its test's name, and repeats what happened:
/// <c>ORLEANSMEMORY_STRESS_SEEDS=17</c> runs that one alone, <c>100-400</c> all from 100 to 400.
/// </summary>
internal static class Campaign
{
    private const string Variable = "ORLEANSMEMORY_STRESS_SEEDS";

    /// <summary>The seeds that were asked for, or the first few where none were.</summary>
    /// <param name="usual">How many a normal pass has, from 1 on.</param>
    /// <exception cref="FormatException">The variable is neither a number nor two numbers with a dash between them.</exception>
    public static IEnumerable<int> Seeds(int usual)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } asked)
        {
            return Enumerable.Range(1, usual);
        }

        int[] ends =
        [
            .. asked
                .Split('-', 2)
                .Select(end =>
                    int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out int seed)
                        ? seed
                        : throw new FormatException($"{Variable} is a seed or a first and a last one, such as 100-400.")
                ),
        ];
        return Enumerable.Range(ends[0], Math.Max(0, ends[^1] - ends[0]) + 1);
    }
}
