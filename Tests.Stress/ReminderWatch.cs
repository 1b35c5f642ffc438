using Orleans.Reminders.Diagnostics;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress;

/// <summary>Follows which silo holds the reminder of which position of the expiry wheel, and what ticks.</summary>
/// <remarks>Events of other clusters in this process come as well; a question names the silos that it is about.</remarks>
internal sealed class ReminderWatch : IObserver<ReminderEvents.ReminderEvent>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;
    private readonly HashSet<(SiloAddress Silo, GrainId Grain)> _armed = [];
    private readonly List<(SiloAddress Silo, GrainId Grain)> _ticks = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Reached)> _waits = [];

    public ReminderWatch() => _subscription = ReminderEvents.AllEvents.Subscribe(this);

    /// <summary>Waits until each position waits for its next tick on exactly one of these silos, and says on which.</summary>
    public Task<IReadOnlyDictionary<GrainId, SiloAddress>> HeldAsync(int positions, IReadOnlyCollection<SiloAddress> silos) =>
        WaitAsync(
            $"{positions} positions, each held by one silo",
            () => Held(silos) is var held && held.Count == positions && held.Values.All(owners => owners.Count == 1),
            () => (IReadOnlyDictionary<GrainId, SiloAddress>)Held(silos).ToDictionary(held => held.Key, held => held.Value[0])
        );

    /// <summary>Waits until so many ticks were answered on these silos, and takes them away.</summary>
    public Task<IReadOnlyList<(SiloAddress Silo, GrainId Grain)>> TicksAsync(int count, IReadOnlyCollection<SiloAddress> silos) =>
        WaitAsync(
            $"{count} ticks",
            () => _ticks.Count(tick => silos.Contains(tick.Silo)) >= count,
            () =>
            {
                (SiloAddress Silo, GrainId Grain)[] ticks = [.. _ticks.Where(tick => silos.Contains(tick.Silo))];
                _ticks.RemoveAll(tick => silos.Contains(tick.Silo));
                return (IReadOnlyList<(SiloAddress, GrainId)>)ticks;
            }
        );

    public void OnNext(ReminderEvents.ReminderEvent value)
    {
        if (value.SiloAddress is not { } silo || value.GrainId.Type.ToString() is not "expiry")
        {
            return;
        }

        lock (_lock)
        {
            switch (value)
            {
                case ReminderEvents.LocalReminderTickWaitArmed:
                    _armed.Add((silo, value.GrainId));
                    break;
                case ReminderEvents.LocalReminderStopped or ReminderEvents.TickFiring:
                    _armed.Remove((silo, value.GrainId));
                    break;
                case ReminderEvents.TickCompleted:
                    _ticks.Add((silo, value.GrainId));
                    break;
                default:
                    break;
            }

            _waits.RemoveAll(wait => wait.Holds() && wait.Reached.TrySetResult());
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _subscription.Dispose();

    private async Task<T> WaitAsync<T>(string expected, Func<bool> holds, Func<T> result)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waits.Add((holds, reached));
            _waits.RemoveAll(wait => wait.Holds() && wait.Reached.TrySetResult());
        }

        await Task.WhenAny(reached.Task, Task.Delay(Timings.Patience));
        lock (_lock)
        {
            return holds()
                ? result()
                : throw new TimeoutException(
                    $"Expected {expected} within {Timings.Patience}. Waiting for ticks: {string.Join(", ", _armed)}. Ticks: {string.Join(", ", _ticks)}."
                );
        }
    }

    private Dictionary<GrainId, List<SiloAddress>> Held(IReadOnlyCollection<SiloAddress> silos) =>
        _armed
            .Where(armed => silos.Contains(armed.Silo))
            .GroupBy(armed => armed.Grain, armed => armed.Silo)
            .ToDictionary(group => group.Key, group => group.ToList());
}
