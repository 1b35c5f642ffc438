using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class FeedPositionTests
{
    [Theory]
    [InlineData("0", 0, null)]
    [InlineData("57", 57, null)]
    [InlineData("9223372036854775807", long.MaxValue, null)]
    [InlineData("57.1763712345678901", 57, 1763712345678901L)]
    [InlineData("0.0", 0, 0L)]
    public void The_text_form_is_read_as_it_is_written(string text, long sequence, long? microseconds)
    {
        DateTimeOffset? life = microseconds is { } count ? DateTimeOffset.UnixEpoch.AddMicroseconds(count) : null;

        Assert.Equal(new FeedPosition(sequence, life), FeedPosition.Parse(text));
        Assert.Equal(text, FeedPosition.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.2.3")]
    [InlineData("1.-2")]
    [InlineData("9223372036854775808")]
    [InlineData("1.253402300800000000")]
    [InlineData("x")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(FeedPosition.TryParse(text, out _));
        Assert.Equal("position", Assert.Throws<InvalidRequestException>(() => FeedPosition.Parse(text)).Parameter);
        Assert.False(FeedPosition.TryParse(null, out _));
    }

    [Fact]
    public void The_latest_life_there_can_be_is_read()
    {
        DateTimeOffset last = DateTimeOffset.MaxValue.AddTicks(-(DateTimeOffset.MaxValue.Ticks % TimeSpan.TicksPerMicrosecond));
        Assert.Equal(last, FeedPosition.Parse(new FeedPosition(1, last).ToString()).Life);
    }
}
