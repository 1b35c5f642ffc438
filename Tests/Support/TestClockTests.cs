using Xunit;

namespace OrleansMemory.Tests.Support;

public sealed class TestClockTests
{
    private const int MostRounds = 50_000;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(10.0)]
    [InlineData(10.0001)]
    [InlineData(10.9999)]
    [InlineData(60_000.5)]
    public async Task With_a_lateness_a_wait_until_a_time_ends_with_its_first_timer_and_in_the_same_millisecond(double milliseconds)
    {
        var clock = new TestClock { Lateness = Millisecond };
        DateTimeOffset due = clock.GetUtcNow() + TimeSpan.FromMilliseconds(milliseconds);
        DateTimeOffset latest = clock.GetUtcNow() + TimeSpan.FromMilliseconds(Math.Floor(milliseconds) + 1);
        Task<(int Rounds, DateTimeOffset End)> waiting = WaitUntilAsync(clock, due);

        clock.SetUtcNow(due + TimeSpan.FromHours(1));

        Assert.Equal((1, latest), await waiting);
    }

    [Fact]
    public async Task Without_a_lateness_a_wait_until_a_time_between_two_milliseconds_does_not_end()
    {
        var clock = new TestClock();
        Task<(int Rounds, DateTimeOffset End)> waiting = WaitUntilAsync(clock, clock.GetUtcNow() + TimeSpan.FromMilliseconds(10.5));

        clock.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
    }

    [Fact]
    public async Task With_a_lateness_a_wait_of_less_than_a_millisecond_ends_although_no_one_moves_the_clock()
    {
        var clock = new TestClock { Lateness = Millisecond };
        DateTimeOffset start = clock.GetUtcNow();

        (_, DateTimeOffset end) = await WaitUntilAsync(clock, start + TimeSpan.FromMilliseconds(0.5));

        Assert.Equal(start + Millisecond, end);
    }

    [Fact]
    public void A_clock_without_a_lateness_stands_still_however_often_it_is_read()
    {
        var clock = new TestClock();
        DateTimeOffset start = clock.GetUtcNow();

        Assert.All(Enumerable.Range(0, MostRounds), _ => Assert.Equal(start, clock.GetUtcNow()));
    }

    [Fact]
    public void A_clock_does_not_go_back()
    {
        var clock = new TestClock();

        Assert.Throws<ArgumentOutOfRangeException>(() => clock.SetUtcNow(clock.GetUtcNow() - Millisecond));
    }

    /// <summary>Waits as Orleans' reminders do. A wait that turns in a circle fails.</summary>
    private static async Task<(int Rounds, DateTimeOffset End)> WaitUntilAsync(TimeProvider clock, DateTimeOffset due)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (now >= due)
            {
                return (round, now);
            }

            await Task.Delay(due - now, clock, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("The wait turns in a circle.");
    }
}
