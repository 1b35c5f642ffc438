namespace OrleansMemory.Benchmarks.NaiveGrain;

/// <inheritdoc cref="INaiveConversationGrain" />
/// <param name="log">The whole log, written whole.</param>
[GrainType("orleansmemory-benchmarks-naive-conversation")]
internal sealed class NaiveConversationGrain([PersistentState("log", NaiveConversationGrain.Storage)] IPersistentState<NaiveLog> log)
    : Grain,
        INaiveConversationGrain
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
