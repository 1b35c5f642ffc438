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
}
