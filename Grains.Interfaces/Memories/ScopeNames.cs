namespace OrleansMemory.Memories;

/// <summary>The names that a scope may have.</summary>
[Flags]
[GenerateSerializer, Alias("OrleansMemory.ScopeNames")]
public enum ScopeNames
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The agent's.</summary>
    Agent = 1,

    /// <summary>The user's.</summary>
    User = 2,

    /// <summary>The session's.</summary>
    Session = 4,

    /// <summary>All of them.</summary>
    All = Agent | User | Session,
}
