namespace OrleansMemory.Conversations;

/// <summary>
/// The spaces that entries live in. Each memory API has its own, so that no key of one can be taken for a key of another.
/// </summary>
public static class EntrySpaces
{
    /// <summary>User globals, one entry per name.</summary>
    public const string Globals = "globals";

    /// <summary>Working memory, one entry per memory type.</summary>
    public const string WorkingMemory = "working-memory";

    /// <summary>The MemoryObject, one entry per top-level part.</summary>
    public const string MemoryObject = "memory-object";

    /// <summary>Summaries of older messages, one entry per last sequence that is covered (19 digits, zero-padded).</summary>
    public const string Summaries = "summaries";

    /// <summary>
    /// What the space of every tool journal starts with: one space for each run that has results of tools and is not committed, one entry
    /// for each result. The run's turn removes them; those of a run that never comes to its end expire after a day. They are in no export.
    /// </summary>
    public const string ToolJournalPrefix = "tool-journal:";

    /// <summary>Sessions of agents, one entry for each agent's name: what they hold besides their conversation.</summary>
    public const string AgentSessions = "agent-sessions";

    /// <summary>What the space of every session namespace starts with.</summary>
    public const string SessionPrefix = "session:";

    /// <summary>The space of a session namespace.</summary>
    /// <param name="sessionNamespace">The namespace, not empty.</param>
    /// <returns>The name of its space.</returns>
    /// <exception cref="ArgumentException">The namespace is null or empty.</exception>
    public static string Session(string sessionNamespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionNamespace);
        return SessionPrefix + sessionNamespace;
    }
}
