using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Where a log may be cut without separating a tool call from its result.</summary>
internal static class ToolPairs
{
    /// <summary>The greatest sequence, not after <paramref name="wanted"/>, at which the log may start.</summary>
    /// <param name="traces">The tool links of the whole log, ascending.</param>
    /// <returns>Where it may start: no kept result answers a call that is dropped.</returns>
    /// <remarks>
    /// A result answers the newest call of its id that comes before it, since models use ids again. A result whose call is nowhere holds
    /// nothing back.
    /// </remarks>
    public static long SafeStart(IReadOnlyList<ToolTrace> traces, long wanted)
    {
        var newestCall = new Dictionary<string, long>(StringComparer.Ordinal);
        var pairs = new List<(long Call, long Result)>();
        foreach (ToolTrace trace in traces)
        {
            foreach (string id in trace.Links.Results)
            {
                if (newestCall.TryGetValue(id, out long call))
                {
                    pairs.Add((call, trace.Sequence));
                }
            }

            foreach (string id in trace.Links.Calls)
            {
                newestCall[id] = trace.Sequence;
            }
        }

        // By falling call: a pair that moves the start to its call cannot make one with a later call straddle it.
        long start = wanted;
        foreach ((long call, long result) in pairs.OrderByDescending(pair => pair.Call))
        {
            if (call < start && result >= start)
            {
                start = call;
            }
        }

        return start;
    }
}
