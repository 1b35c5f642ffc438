namespace OrleansMemory.Retries;

/// <summary>How long repetitions wait, wherever something is repeated.</summary>
internal static class Backoff
{
    private const int RacesAtOnce = 3;
    private const int LongestRacePauseMilliseconds = 50;

    /// <summary>A pause that doubles with each failure after the first.</summary>
    /// <param name="first">The pause after the first failure.</param>
    /// <param name="longest">The longest pause.</param>
    /// <param name="failures">How many failures there were before the last one.</param>
    public static TimeSpan Grown(TimeSpan first, TimeSpan longest, int failures) =>
        TimeSpan.FromSeconds(Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures, 30)), longest.TotalSeconds));

    /// <summary>
    /// Half of a pause and a random part of the other half, so that callers that failed together do not come again together.
    /// </summary>
    /// <param name="pause">The whole pause.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan Jittered(TimeSpan pause, double random) => (pause / 2) + (pause / 2 * random);

    /// <summary>
    /// The pause of one who lost a race: none at first, then a growing random one of up to 50 ms, so that rivals drift apart.
    /// </summary>
    /// <param name="losses">How many races were lost, 1 or more.</param>
    public static TimeSpan AfterLostRace(int losses) =>
        losses <= RacesAtOnce
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(
                Random.Shared.Next(1, Math.Min(LongestRacePauseMilliseconds, 1 << Math.Min(losses - RacesAtOnce, 6)) + 1)
            );
}
