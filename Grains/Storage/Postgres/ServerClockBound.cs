using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// Binds instants by which rows are removed to the server's clock, unless the clock of conversations is the application's own.
/// </summary>
/// <param name="services">Give the clock of conversations.</param>
/// <param name="options">Which clocks are compared.</param>
internal sealed class ServerClockBound(IServiceProvider services, IOptions<ClockOptions> options)
    : IPostConfigureOptions<PostgresStorageOptions>
{
    public void PostConfigure(string? name, PostgresStorageOptions storage)
    {
        // Without AddOrleansMemory() there is no such clock; the start then fails and says so.
        TimeProvider clock = services.GetKeyedService<TimeProvider>(ConversationClock.ServiceKey) ?? TimeProvider.System;
        storage.ClockTolerance = options.Value.Concern(clock) ? options.Value.Tolerance : null;
    }
}
