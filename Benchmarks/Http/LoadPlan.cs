namespace OrleansMemory.Benchmarks.Http;

/// <summary>What a load generator is to do for one slice.</summary>
/// <param name="Request">What every connection asks, again and again.</param>
/// <param name="Port">The silo's port.</param>
/// <param name="Connections">How many connections, each with a conversation of its own.</param>
/// <param name="Seconds">How long, after a lead-in that is not counted.</param>
/// <param name="SiloProcessId">The silo, whose processor time is measured.</param>
/// <param name="Postmaster">PostgreSQL's first process; <see langword="null"/> when it runs elsewhere.</param>
/// <param name="Key">The API key; <see langword="null"/> where none is needed.</param>
internal sealed record LoadPlan(LoadRequest Request, int Port, int Connections, double Seconds, int SiloProcessId, int? Postmaster, string? Key)
{
    /// <summary>The conversation of a connection.</summary>
    /// <param name="connection">Its number, from 0.</param>
    /// <returns>The conversation's id.</returns>
    public static string ConversationOf(int connection) => FormattableString.Invariant($"load-{connection}");
}
