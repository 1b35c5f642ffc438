using OrleansMemory.Grains.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>One host for all tests of a class, with a clock that they move on. The tests of a class run one after the other.</summary>
/// <remarks>
/// A test uses a tenant, conversations or scopes that only it knows. No one moves the clock back beyond the start of a test.
/// </remarks>
public abstract class ClockedHost : IAsyncLifetime
{
    private readonly ManualUtcClock _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public GrainHost Host { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Host = await StartAsync(_clock);

    public virtual async ValueTask DisposeAsync()
    {
        if (Host is { } host)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>
    /// Moves the clock to the beginning of a later day, and hands it out: every test starts at midnight, whatever the one before it did.
    /// </summary>
    public ManualUtcClock NextDay()
    {
        DateTimeOffset now = _clock.GetUtcNow();

        // Two days on: no test that moves the clock back by some hours meets the end of another one.
        _clock.Advance(now.Date.AddDays(2) - now.DateTime);
        return _clock;
    }

    protected abstract Task<GrainHost> StartAsync(ManualUtcClock clock);
}

/// <summary>A <see cref="ClockedHost"/> on memory.</summary>
public class InMemoryClockedHost : ClockedHost
{
    protected override Task<GrainHost> StartAsync(ManualUtcClock clock) => GrainHost.InMemoryAsync(clock, Configure);

    /// <summary>Sets the options of conversations.</summary>
    protected virtual void Configure(ConversationOptions options) { }
}

/// <summary>A <see cref="ClockedHost"/> on a PostgreSQL database of its own.</summary>
public class PostgresClockedHost : ClockedHost
{
    private readonly PostgresDatabase _database = new();

    public string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override Task<GrainHost> StartAsync(ManualUtcClock clock) => GrainHost.OnPostgresAsync(ConnectionString, clock, Configure);

    /// <summary>Sets the options of conversations.</summary>
    protected virtual void Configure(ConversationOptions options) { }
}
