namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>
/// Lets contenders take turns for several rounds, forwards and backwards, so that what else happens on the machine and what drifts over time hits all of
/// them alike. A round before the first one is not counted: code is compiled, plans are made, caches are filled.
/// </summary>
internal static class Alternation
{
    public static async Task<Samples[]> RunAsync(int rounds, Func<Task> settleAsync, params Contender[] contenders)
    {
        double[][] values = [.. contenders.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < contenders.Length; turn++)
            {
                int contender = round % 2 == 0 ? turn : contenders.Length - 1 - turn;
                await settleAsync();
                double value = await contenders[contender].MeasureAsync();
                if (round >= 0)
                {
                    values[contender][round] = value;
                }
            }
        }

        return [.. values.Select(taken => new Samples(taken))];
    }
}
