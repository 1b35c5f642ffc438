namespace OrleansMemory.Benchmarks.NaiveGrain;

/// <summary>A conversation as a first version would have it: a list of messages in one persistent state.</summary>
[Alias("orleansmemory.benchmarks.naive-conversation")]
internal interface INaiveConversationGrain : IGrainWithStringKey
{
    /// <summary>Appends a message; durable when the call returns.</summary>
    /// <param name="message">The message.</param>
    [Alias("append")]
    Task AppendAsync(string message);

    /// <summary>Replaces the log by so many messages.</summary>
    /// <param name="count">How many.</param>
    /// <param name="message">Each of them.</param>
    [Alias("fill")]
    Task FillAsync(int count, string message);
}
