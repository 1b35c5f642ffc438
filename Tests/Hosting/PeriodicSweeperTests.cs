using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

public sealed class PeriodicSweeperTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task First_sweep_is_at_once_and_one_that_fails_is_reported_and_followed_by_the_next()
    {
        var clock = new TestClock();
        var second = new TaskCompletionSource();
        int sweeps = 0;
        using var sweeper = new ScriptedSweeper(clock, _ =>
        {
            if (++sweeps == 1)
            {
                throw new InvalidTimeZoneException();
            }

            second.SetResult();
            return Task.CompletedTask;
        });

        await sweeper.StartedAsync(CancellationToken.None);
        Assert.Equal(1, sweeps);
        Assert.Equal(nameof(InvalidTimeZoneException), Assert.Single(sweeper.Reported));
        clock.Advance(Interval);
        await second.Task.WaitAsync(Patience);
        await sweeper.StoppingAsync(CancellationToken.None);

        Assert.Single(sweeper.Reported);
    }

    [Fact]
    public async Task What_the_stop_of_the_silo_cuts_short_is_no_failure()
    {
        using var sweeper = new ScriptedSweeper(new TestClock(), async cancelled =>
        {
            var stopped = new TaskCompletionSource();
            await using CancellationTokenRegistration _ = cancelled.Register(stopped.SetResult);
            await stopped.Task;
            throw new InvalidTimeZoneException();
        });

        await sweeper.StartedAsync(CancellationToken.None);
        await sweeper.StoppingAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Empty(sweeper.Reported);
    }

    private sealed class ScriptedSweeper(TimeProvider clock, Func<CancellationToken, Task> sweep) : PeriodicSweeper(clock)
    {
        public List<string> Reported { get; } = [];

        protected override bool IsOn => true;

        protected override TimeSpan Interval => PeriodicSweeperTests.Interval;

        protected override Task SweepAsync(CancellationToken cancellationToken) => sweep(cancellationToken);

        protected override void ReportFailure(string errorType) => Reported.Add(errorType);
    }
}
