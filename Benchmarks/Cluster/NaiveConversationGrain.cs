namespace OrleansMemory.Benchmarks.Cluster;

/// <inheritdoc cref="INaiveConversationGrain" />
/// <param name="log">The whole log, written whole.</param>
[GrainType("orleansmemory-benchmarks-naive-conversation")]
internal sealed class NaiveConversationGrain(
    [PersistentState("log", NaiveConversationGrain.Storage)] IPersistentState<NaiveLog> log) : Grain, INaiveConversationGrain
{
    /// <summary>The name of its storage.</summary>
    public const string Storage = "naive";

    /// <inheritdoc />
    public async Task AppendAsync(string message)
    {
        log.State.Messages.Add(message);
        await log.WriteStateAsync();
    }

    /// <inheritdoc />
    public async Task FillAsync(int count, string message)
    {
        log.State.Messages = [.. Enumerable.Repeat(message, count)];
        await log.WriteStateAsync();
    }
}

/// <summary>The state of <see cref="NaiveConversationGrain"/>.</summary>
[GenerateSerializer, Alias("orleansmemory.benchmarks.NaiveLog")]
internal sealed class NaiveLog
{
    /// <summary>The messages, the oldest first.</summary>
    [Id(0)]
    public List<string> Messages { get; set; } = [];
}
