using OrleansMemory.Silo.Settings;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class HttpOptionsTests
{
    [Theory]
    [InlineData("MaxRequestBytes", "1023")]
    [InlineData("MaxImportBytes", "1099511627777")]
    [InlineData("ReadyTimeout", "00:02:00")]
    [InlineData("KeepAliveInterval", "00:00:00.5")]
    public async Task An_option_out_of_range_ends_the_start_by_name(string option, string value)
    {
        await using SiloApp app = new SiloApp().With("OrleansMemory:Http:" + option, value);

        var failure = Assert.Throws<SettingException>(() => app.CreateClient());

        Assert.Contains("OrleansMemory:Http:" + option, failure.Message, StringComparison.Ordinal);
    }
}
