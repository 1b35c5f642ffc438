namespace OrleansMemory.Benchmarks.Http;

/// <summary>What a load generator is to do for one slice.</summary>
/// <param name="Request">What every connection asks, again and again.</param>
/// <param name="Ports">The ports of the silos; connections take them in turn.</param>
/// <param name="Connections">How many connections, each with a conversation of its own.</param>
/// <param name="Seconds">How long, after a lead-in that is not counted.</param>
/// <param name="SiloProcessIds">The silos, whose processor time is measured.</param>
/// <param name="Postmaster">PostgreSQL's first process; <see langword="null"/> when it runs elsewhere.</param>
/// <param name="Key">The API key; <see langword="null"/> where none is needed.</param>
internal sealed record LoadPlan(
    LoadRequest Request,
    int[] Ports,
    int Connections,
    double Seconds,
    int[] SiloProcessIds,
    int? Postmaster,
    string? Key
)
{
    /// <summary>The port that a connection goes to.</summary>
    /// <param name="connection">Its number, from 0.</param>
    /// <returns>The port.</returns>
    public int PortOf(int connection) => Ports[connection % Ports.Length];

    /// <summary>The conversation of a connection.</summary>
    /// <param name="connection">Its number, from 0.</param>
    /// <returns>The conversation's id.</returns>
    public static string ConversationOf(int connection) => FormattableString.Invariant($"load-{connection}");
}
