using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Tests.Support;

/// <summary>A silo app for the tests of one class, whose conversations live by a clock that the tests move on.</summary>
public sealed class ClockedSilo : SharedSilo
{
    public ClockedSilo()
        : base(100) => App.With(services => services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, Clock));

    public ManualUtcClock Clock { get; } = new();
}
