using OrleansMemory.Retries;
using Xunit;

namespace OrleansMemory.Tests.Retries;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(4, 10)]
    [InlineData(int.MaxValue, 10)]
    public void A_pause_doubles_up_to_the_longest(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Grown(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), failures));

    [Fact]
    public void Half_of_a_pause_is_random()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Backoff.Jittered(TimeSpan.FromSeconds(4), 0));
        Assert.Equal(TimeSpan.FromSeconds(3), Backoff.Jittered(TimeSpan.FromSeconds(4), 0.5));
        Assert.Equal(TimeSpan.FromSeconds(4), Backoff.Jittered(TimeSpan.FromSeconds(4), 1));
    }

    [Fact]
    public void Who_loses_a_race_tries_at_once_three_times_and_then_after_up_to_50_milliseconds()
    {
        Assert.All(Enumerable.Range(1, 3), losses => Assert.Equal(TimeSpan.Zero, Backoff.AfterLostRace(losses)));
        foreach (int losses in Enumerable.Range(4, 200))
        {
            int most = losses < 9 ? 1 << (losses - 3) : 50;
            Assert.InRange(Backoff.AfterLostRace(losses), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(most));
        }
    }
}
