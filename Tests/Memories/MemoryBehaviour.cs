using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Memories;

/// <summary>What long-term memories do, whatever store they stand on.</summary>
public abstract partial class MemoryBehaviour(ClockedHost fixture)
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    private ManualUtcClock Clock { get; } = fixture.NextDay();

    private GrainHost Host => fixture.Host;

    private IMemoryDirectoryGrain Directory => Host.Grains.GetGrain<IMemoryDirectoryGrain>(_tenant);

    private MemoryScope Scope(string? agent = null, string? user = null, string? session = null) =>
        MemoryScope.Create(_tenant, agent, user, session);

    private IMemoryGrain Memory(string? agent = null, string? user = null, string? session = null) => Memory(Scope(agent, user, session));

    private IMemoryGrain Memory(MemoryScope scope) => Host.Grains.GetGrain<IMemoryGrain>(scope.ToString());

    private static NewMemory Fact(string text) => new() { Kind = MemoryKind.Fact, Text = text };

    private static NewMemory Turn(string text, string? speaker = null) =>
        new()
        {
            Kind = MemoryKind.Turn,
            Text = text,
            Role = "user",
            Speaker = speaker,
        };

    private static RecordRequest Request(params NewMemory[] memories) => new() { Memories = [.. memories] };

    private static async Task<string[]> RecallAsync(IMemoryGrain memory, string query, int limit = 10)
    {
        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = query, Limit = limit });
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }
}
