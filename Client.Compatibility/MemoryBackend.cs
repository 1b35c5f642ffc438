namespace OrleansMemory.Client.Compatibility;

/// <summary>Where a memory API keeps what it is given.</summary>
public enum MemoryBackend
{
    /// <summary>In the entries of conversations: durable, and shared with every other API of them.</summary>
    Grains = 0,

    /// <summary>In this process: gone when it ends, and not seen from outside. For tests and single-process tools.</summary>
    InMemory = 1,
}
