using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>A host in memory whose turns hold little.</summary>
public sealed class SmallTurnsHost : IAsyncLifetime
{
    public const int TurnMessages = 4;
    public const int TurnBytes = 12 * 1024;

    public GrainHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Host = await GrainHost.InMemoryAsync(configure: options =>
        {
            options.MaxTurnMessages = TurnMessages;
            options.MaxTurnBytes = TurnBytes;
            options.MaxMessageBytes = 4 * 1024;
            options.MaxEntryBytes = 8 * 1024;
        });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
