using Microsoft.Extensions.DependencyInjection;
using Orleans.Timers;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// Puts the grain timers of one type of grain on a clock that a test moves. Every other timer of the silo runs in real time.
/// </summary>
/// <remarks>
/// Orleans makes the timers of all grains and of its own system targets with one time provider. Were all of them on the clock of a test,
/// moving it would also run Orleans' loops. Which grain a timer is for is known only where it is registered, on the thread that then makes
/// it.
/// </remarks>
internal sealed class GrainTimerClock : TimeProvider
{
    [ThreadStatic]
    private static bool _isOfTheGrain;

    private readonly GrainType _grain;

    private GrainTimerClock(string grain) => _grain = GrainType.Create(grain);

    /// <summary>The clock. Its pending timers are those of the grains that are set.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>Makes a clock for the timers of a type of grain.</summary>
    /// <param name="grain">The name of the type, as it is in the keys of its grains.</param>
    public static GrainTimerClock Of(string grain) => new(grain);

    /// <summary>Makes a silo use it.</summary>
    public void Use(ISiloBuilder silo)
    {
        ServiceDescriptor original = silo.Services.Last(service => service.ServiceType == typeof(ITimerRegistry));
        silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, this);
        silo.Services.AddSingleton<ITimerRegistry>(services => new Registry(
            (ITimerRegistry)(
                original.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, original.ImplementationType!)
            ),
            _grain
        ));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        (_isOfTheGrain ? Clock : System).CreateTimer(callback, state, dueTime, period);

    private sealed class Registry(ITimerRegistry inner, GrainType grain) : ITimerRegistry
    {
        public IDisposable RegisterTimer(
            IGrainContext grainContext,
            Func<object?, Task> callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        ) => throw new NotSupportedException("No grain of ours has a timer of the old kind.");

        public IGrainTimer RegisterGrainTimer<TState>(
            IGrainContext grainContext,
            Func<TState, CancellationToken, Task> callback,
            TState state,
            GrainTimerCreationOptions options
        )
        {
            _isOfTheGrain = grainContext.GrainId.Type == grain;
            try
            {
                return inner.RegisterGrainTimer(grainContext, callback, state, options);
            }
            finally
            {
                _isOfTheGrain = false;
            }
        }
    }
}
