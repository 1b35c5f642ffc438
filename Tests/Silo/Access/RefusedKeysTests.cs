using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Silo.Access;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>How unknown keys are counted.</summary>
public sealed class RefusedKeysTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RefusedKeys _refused;

    public RefusedKeysTests() => _refused = new RefusedKeys(Options.Create(new AccessOptions { RefusedKeysPerMinute = 2 }), _clock);

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", true)]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("2001:db8::1", "2001:db8::2:0:0:0", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void An_address_is_counted_with_those_of_its_owner(string one, string other, bool together)
    {
        Assert.Null(_refused.Count(IPAddress.Parse(one)));
        Assert.Null(_refused.Count(IPAddress.Parse(one)));

        Assert.Equal(together, _refused.Count(IPAddress.Parse(other)) is not null);
    }

    [Fact]
    public void What_was_used_up_comes_back_with_time_and_no_more_than_there_was()
    {
        Assert.Equal([null, null, TimeSpan.FromSeconds(30)], Count(3));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([TimeSpan.FromSeconds(20)], Count(1));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal([null, null, TimeSpan.FromSeconds(30)], Count(3));
    }

    [Fact]
    public void Ever_new_addresses_take_no_more_memory_and_share_what_one_has()
    {
        for (int i = 0; i < RefusedKeys.MaxAddresses; i++)
        {
            Assert.Null(_refused.Count(Address(i)));
        }

        Assert.Null(_refused.Count(Address(20_000)));
        Assert.Null(_refused.Count(Address(20_001)));
        Assert.NotNull(_refused.Count(Address(20_002)));
        Assert.Null(_refused.Count(Address(0)));

        // Those that are full again make room.
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_refused.Count(Address(20_002)));
    }

    private static IPAddress Address(int i) => new([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);

    private IEnumerable<TimeSpan?> Count(int times) =>
        [
            .. Enumerable
                .Range(0, times)
                .Select(_ => _refused.Count(null))
                .Select(pause => pause is { } some ? (TimeSpan?)TimeSpan.FromSeconds(Math.Round(some.TotalSeconds)) : null),
        ];
}
