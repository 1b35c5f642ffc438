using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

/// <summary>What long-term memories do, whatever store and host they stand on. A host's file only says how it is started.</summary>
public abstract partial class MemoryBehaviour : IAsyncLifetime
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    protected ManualUtcClock Clock { get; } = new();

    protected GrainHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await StartHostAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    protected abstract Task<GrainHost> StartHostAsync();

    private IMemoryDirectoryGrain Directory => Host.Grains.GetGrain<IMemoryDirectoryGrain>(_tenant);

    private MemoryScope Scope(string? agent = null, string? user = null, string? session = null) => MemoryScope.Create(_tenant, agent, user, session);

    private IMemoryGrain Memory(string? agent = null, string? user = null, string? session = null) => Memory(Scope(agent, user, session));

    private IMemoryGrain Memory(MemoryScope scope) => Host.Grains.GetGrain<IMemoryGrain>(scope.ToString());

    private static NewMemory Fact(string text) => new() { Kind = MemoryKind.Fact, Text = text };

    private static NewMemory Turn(string text, string? speaker = null) => new() { Kind = MemoryKind.Turn, Text = text, Role = "user", Speaker = speaker };

    private static RecordRequest Request(params NewMemory[] memories) => new() { Memories = [.. memories] };

    private static async Task<string[]> RecallAsync(IMemoryGrain memory, string query, int limit = 10)
    {
        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = query, Limit = limit });
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }
}
