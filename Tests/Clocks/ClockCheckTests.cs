using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clocks;

/// <summary>When a silo's clock counts as off, who is told, and how often.</summary>
public sealed class ClockCheckTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ComparedClocks _clocks = new();

    public void Dispose() => _clocks.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_is_off_beyond_the_tolerance_in_both_directions(bool isAhead)
    {
        ManualUtcClock faster = isAhead ? _clocks.Silo : _clocks.Wall;
        faster.Advance(ComparedClocks.Tolerance);
        Assert.True(await _clocks.IsRightAsync());
        Assert.NotNull(await _clocks.SweepInstantAsync());

        // A step of the database's clock is seen with its next answer: the one from before is too old now.
        faster.Advance(Tick);
        _clocks.Host.Advance(Minute);

        Assert.False(await _clocks.IsRightAsync());
        Assert.Null(await _clocks.SweepInstantAsync());
        Assert.True(_clocks.Check.IsOff);
        Assert.Throws<MemoryUnavailableException>(_clocks.Check.RequireRight);
    }

    [Fact]
    public async Task A_slow_network_alone_does_not_make_a_clock_wrong()
    {
        // Twenty seconds to the database and none back: the middle is ten seconds off, and so may the measurement be.
        _clocks.Database.Trips = [(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20))];
        Assert.True(await _clocks.IsRightAsync());

        _clocks.Silo.Advance(Minute);

        Assert.False(await _clocks.IsRightAsync());
    }

    [Fact]
    public async Task Of_several_answers_the_one_with_the_shortest_round_trip_counts()
    {
        _clocks.Database.Trips =
        [
            (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)),
            (TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1)),
            (TimeSpan.FromSeconds(9), TimeSpan.Zero),
        ];
        _clocks.Silo.Advance(ComparedClocks.Tolerance + TimeSpan.FromMilliseconds(2));
        Assert.False(await _clocks.IsRightAsync());
    }

    [Fact]
    public async Task What_is_removed_goes_by_the_clock_that_is_behind()
    {
        Assert.Equal(_clocks.Wall.GetUtcNow(), await _clocks.SweepInstantAsync());
        _clocks.Silo.Advance(ComparedClocks.Tolerance);
        Assert.Equal(_clocks.Wall.GetUtcNow(), await _clocks.SweepInstantAsync());
        _clocks.Wall.Advance(2 * ComparedClocks.Tolerance);
        _clocks.Host.Advance(Minute);
        Assert.Equal(_clocks.Silo.GetUtcNow(), await _clocks.SweepInstantAsync());
    }

    [Fact]
    public async Task The_error_of_the_measurement_is_taken_from_what_may_be_removed()
    {
        _clocks.Database.Trips = [(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2))];
        Assert.Equal(_clocks.Wall.GetUtcNow(), await _clocks.SweepInstantAsync());
        _clocks.Database.Trips = [(TimeSpan.FromSeconds(2), TimeSpan.Zero)];
        _clocks.Host.Advance(Minute);
        Assert.Equal(_clocks.Wall.GetUtcNow() - TimeSpan.FromSeconds(2), await _clocks.SweepInstantAsync());
    }

    [Fact]
    public async Task A_step_of_the_clock_is_seen_at_once_and_without_asking_the_database_where_that_must_not_wait()
    {
        Assert.True(await _clocks.IsRightAsync());
        int asked = _clocks.Database.Asked;

        _clocks.Silo.Advance(Minute);

        Assert.True(_clocks.Check.IsOff);
        Assert.Equal(asked, _clocks.Database.Asked);
        Assert.False(await _clocks.IsRightAsync());
    }

    [Fact]
    public async Task A_process_that_was_suspended_asks_before_it_condemns_its_clock()
    {
        Assert.True(await _clocks.IsRightAsync());

        // The machines went on, this process did not count.
        _clocks.Silo.Advance(Minute);
        _clocks.Wall.Advance(Minute);

        Assert.True(await _clocks.IsRightAsync());
        Assert.False(_clocks.Check.IsOff);
        Assert.Empty(_clocks.Lines.Lines);
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_of_once_then_seldom_and_once_more_when_it_is_right()
    {
        _clocks.Silo.Advance(TimeSpan.FromHours(2));
        await _clocks.IsRightAsync();
        await _clocks.IsRightAsync();
        string line = Assert.Single(_clocks.Lines.Lines);
        Assert.Contains("7200 s ahead of PostgreSQL's, and 5 s are tolerated", line, StringComparison.Ordinal);
        Assert.Contains("synchronise the clocks", line, StringComparison.Ordinal);

        _clocks.Pass(TimeSpan.FromMinutes(10));
        await _clocks.IsRightAsync();
        await _clocks.IsRightAsync();
        Assert.Equal(2, _clocks.Lines.Lines.Count);

        _clocks.Wall.Advance(TimeSpan.FromHours(2));
        _clocks.Host.Advance(Minute);
        Assert.True(await _clocks.IsRightAsync());
        Assert.True(await _clocks.IsRightAsync());
        Assert.Equal(3, _clocks.Lines.Lines.Count);
        Assert.Contains("agrees with PostgreSQL's again", _clocks.Lines.Lines.Last(), StringComparison.Ordinal);

        _clocks.Wall.Advance(TimeSpan.FromSeconds(7.5));
        _clocks.Host.Advance(Minute);
        await _clocks.IsRightAsync();
        Assert.Contains("7.5 s behind PostgreSQL's", _clocks.Lines.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_leaves_nothing_to_be_removed()
    {
        _clocks.Database.IsDown = true;
        await Assert.ThrowsAsync<MemoryUnavailableException>(_clocks.SweepInstantAsync);
        await Assert.ThrowsAsync<MemoryUnavailableException>(_clocks.IsRightAsync);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_one_answer()
    {
        using var gate = new Gate();
        _clocks.Database.BeforeAnswer = gate.PassAsync;
        Task<bool>[] asking = [.. Enumerable.Range(0, 8).Select(_ => _clocks.IsRightAsync())];
        await gate.ArrivalAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(asking).WithTimeout(), Assert.True);
        Assert.Equal(1, _clocks.Database.Asked);
    }

    [Fact]
    public async Task A_clock_of_the_application_is_compared_only_where_it_says_so()
    {
        using var own = new ComparedClocks(comparesOwnClock: false);
        own.Silo.Advance(TimeSpan.FromDays(400));

        Assert.False(own.Check.Compares);
        Assert.True(await own.IsRightAsync());
        Assert.Equal(own.Silo.GetUtcNow(), await own.SweepInstantAsync());
        Assert.Equal(0, own.Database.Asked);
        own.Check.RequireRight();
    }
}
