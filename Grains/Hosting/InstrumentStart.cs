using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Announces what is counted when the silo has started: who reads it has begun to listen by then.</summary>
internal sealed class InstrumentStart(MemoryInstruments instruments) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc />
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(InstrumentStart),
            ServiceLifecycleStage.Active,
            _ =>
            {
                instruments.Announce();
                return Task.CompletedTask;
            }
        );
}
