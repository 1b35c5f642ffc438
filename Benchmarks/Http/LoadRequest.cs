namespace OrleansMemory.Benchmarks.Http;

/// <summary>What a load generator asks of a silo.</summary>
internal enum LoadRequest
{
    /// <summary>A turn of one message of 300 bytes.</summary>
    Turn,

    /// <summary>The same, and the wait until the live feed of the conversation has brought it, on a connection of its own.</summary>
    Feed,

    /// <summary>The last 20 messages.</summary>
    Tail,

    /// <summary>A route that does nothing: whether the process lives.</summary>
    Nothing,
}
