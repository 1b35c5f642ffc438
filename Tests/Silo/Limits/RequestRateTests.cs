using OrleansMemory.Silo.Limits;
using Xunit;

namespace OrleansMemory.Tests.Silo.Limits;

public sealed class RequestRateTests
{
    [Fact]
    public void Never_more_than_the_rate_and_a_second_of_it_at_once_and_never_less()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int perSecond = random.Next(1, 200);
            var rate = new RequestRate(perSecond);
            long interval = TimeSpan.TicksPerSecond / perSecond;
            long now = random.NextInt64(TimeSpan.TicksPerDay);
            var taken = new List<long>();
            for (int i = 0; i < 1_000; i++)
            {
                now += random.Next(3) == 0 ? random.NextInt64(3 * interval) : random.NextInt64(interval);
                if (rate.TryTake(now) is not { } pause)
                {
                    taken.Add(now);
                    continue;
                }

                Assert.InRange(pause, TimeSpan.FromTicks(1), TimeSpan.FromTicks(interval));
                now += pause.Ticks;
                Assert.Null(rate.TryTake(now));
                taken.Add(now);
            }

            // Of any stretch of time: a second's worth at once, and as many as it is long.
            for (int i = 0; i + perSecond < taken.Count; i++)
            {
                Assert.True(taken[i + perSecond] - taken[i] >= interval, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void After_a_pause_of_a_second_a_second_of_it_at_once()
    {
        var rate = new RequestRate(10);
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => rate.TryTake(1_000) is null));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => rate.TryTake(1_000 + TimeSpan.TicksPerSecond) is null));
    }
}
