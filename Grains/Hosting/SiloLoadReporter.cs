using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Tells how busy its silo is, when Orleans' management asks all of them.</summary>
/// <param name="instruments">What the silo counts.</param>
internal sealed class SiloLoadReporter(MemoryInstruments instruments, ILocalSiloDetails silo) : IControllable
{
    /// <summary>The name under which management finds it, which must be the type's.</summary>
    public const string Name = nameof(SiloLoadReporter);

    /// <summary>Adds it to a silo.</summary>
    /// <param name="services">The silo's services.</param>
    public static void Add(IServiceCollection services)
    {
        services.AddKeyedSingleton<IControllable, SiloLoadReporter>(Name);
        services.AddSingleton<ISiloDirectory, SiloDirectory>();
    }

    /// <inheritdoc />
    public Task<object?> ExecuteCommand(int command, object? arg) =>
        Task.FromResult<object?>(
            new SiloLoadReport
            {
                Silo = silo.SiloAddress.ToParsableString(),
                QueuedTurns = instruments.QueuedTurns,
                HeldMemories = instruments.HeldMemories,
                FeedReaders = instruments.FeedReaders,
                MemoryBytes = Environment.WorkingSet,
            }
        );
}
