using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Grains.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>Readers hear of every change; many of them hear of changes in rounds.</summary>
public sealed class FeedSignalTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Few_readers_hear_of_every_change_at_once()
    {
        FeedSignal signal = WithReaders(39);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(PulseWakes(signal));
        }
    }

    [Fact]
    public void Many_readers_hear_of_a_change_at_once_and_of_those_that_follow_together()
    {
        FeedSignal signal = WithReaders(1_000);
        Assert.True(PulseWakes(signal));

        Task second = signal.Changed;
        signal.Pulse();
        _time.Advance(TimeSpan.FromMilliseconds(45));
        signal.Pulse();
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(second.IsCompleted);

        // Without changes no one is woken, and the next change is heard of at once again.
        Task third = signal.Changed;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(third.IsCompleted);
        signal.Pulse();
        Assert.True(third.IsCompleted);
    }

    [Fact]
    public void Only_one_of_many_readers_that_has_had_the_end_of_the_log_in_this_round_waits_for_the_next()
    {
        FeedSignal signal = WithReaders(1_000);
        long round = signal.Round;
        Assert.True(signal.IsNotYet(round));
        Assert.False(signal.IsNotYet(0));
        signal.Pulse();
        Assert.False(signal.IsNotYet(round));
        Assert.False(WithReaders(39).IsNotYet(round));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_alarm_is_on_time_though_the_clock_moves_while_it_is_set(int moves)
    {
        var signal = new FeedSignal(new MovingClock(_time, moves), CancellationToken.None);
        signal.Enter();
        Task rung = signal.WaitAsync(signal.Changed, _time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);

        _time.Advance(TimeSpan.FromMinutes(1) - (MovingClock.Step * moves) - TimeSpan.FromMilliseconds(1));
        Assert.False(rung.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(rung.IsCompleted);
        signal.Leave();
    }

    [Fact]
    public void Readers_that_come_after_all_have_left_are_not_held_up()
    {
        FeedSignal signal = WithReaders(1_000);
        signal.Pulse();
        signal.Pulse();
        for (int i = 0; i < 1_000; i++)
        {
            signal.Leave();
        }

        signal.Enter();
        Assert.True(PulseWakes(signal));
    }

    private static bool PulseWakes(FeedSignal signal)
    {
        Task changed = signal.Changed;
        signal.Pulse();
        return changed.IsCompleted;
    }

    private FeedSignal WithReaders(int readers)
    {
        var signal = new FeedSignal(_time, CancellationToken.None);
        for (int i = 0; i < readers; i++)
        {
            signal.Enter();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        return signal;
    }

    /// <summary>A clock that moves on by itself between being read and a timer being set by it, the first times.</summary>
    private sealed class MovingClock(FakeTimeProvider time, int moves) : TimeProvider
    {
        public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

        private int _left = moves;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(this, time.CreateTimer(callback, state, dueTime, period));

        private sealed class Timer(MovingClock clock, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.Move();
                return inner.Change(dueTime, period);
            }

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }

        private void Move()
        {
            if (_left-- > 0)
            {
                time.Advance(Step);
            }
        }
    }
}
