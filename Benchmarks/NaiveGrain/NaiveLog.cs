namespace OrleansMemory.Benchmarks.NaiveGrain;

/// <summary>The state of <see cref="NaiveConversationGrain"/>.</summary>
[GenerateSerializer, Alias("orleansmemory.benchmarks.NaiveLog")]
internal sealed class NaiveLog
{
    /// <summary>The messages, the oldest first.</summary>
    [Id(0)]
    public List<string> Messages { get; set; } = [];
}
