using OrleansMemory.Grains.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>What a test changes of a cluster's silos.</summary>
internal sealed record SiloClusterSetup
{
    /// <summary>For tests in which answers get lost: callers wait for one briefly, and call again.</summary>
    public static SiloClusterSetup Impatient { get; } = new() { ResponseTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>The clock of conversations; <see langword="null"/> for the system's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Changes the options of conversations.</summary>
    public Action<ConversationOptions>? Conversations { get; init; }

    /// <summary>Adds to every silo; it comes last.</summary>
    public Action<ISiloBuilder> Silo { get; init; } = static _ => { };

    /// <summary>How long the client waits for an answer: one that was lost with its gateway is missed only then.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
