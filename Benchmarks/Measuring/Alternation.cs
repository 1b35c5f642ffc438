namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>
/// Lets contenders take turns for several rounds, forwards and backwards, so that what else happens on the machine and what drifts over
/// time hits all of them alike. A round before the first one is not counted: code is compiled, plans are made, caches are filled.
/// </summary>
internal static class Alternation
{
    /// <summary>Runs the rounds.</summary>
    /// <typeparam name="T">What a measurement gives.</typeparam>
    /// <param name="rounds">How many count.</param>
    /// <param name="settleAsync">What is done before every measurement.</param>
    /// <param name="contenders">Each measures itself once.</param>
    /// <returns>For every contender, in their order, what the rounds gave.</returns>
    public static async Task<T[][]> RunAsync<T>(int rounds, Func<Task> settleAsync, params Func<Task<T>>[] contenders)
    {
        T[][] results = [.. contenders.Select(_ => new T[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < contenders.Length; turn++)
            {
                int contender = round % 2 == 0 ? turn : contenders.Length - 1 - turn;
                await settleAsync();
                T result = await contenders[contender]();
                if (round >= 0)
                {
                    results[contender][round] = result;
                }
            }
        }

        return results;
    }
}
