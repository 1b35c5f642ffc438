using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

/// <summary>Only this host runs on a clock that stands still.</summary>
public sealed class EventKeepAliveTests
{
    [Fact]
    public async Task A_quiet_feed_says_that_it_is_still_there()
    {
        const string Said = """{"role":"user","content":"x"}""";
        var clock = new TestClock();
        await using SiloApp quiet = new SiloApp()
            .With("OrleansMemory:Http:KeepAliveInterval", "00:00:04")
            .With(services => services.AddSingleton<TimeProvider>(clock));
        await quiet.AskAsync(HttpStatusCode.Created, "POST", "quiet/messages", Said);
        await using EventReader reader = await EventReader.ConnectAsync(quiet, "quiet/events");
        for (int i = 0; i < 3; i++)
        {
            Task<Dictionary<string, string>> next = reader.BlockAsync();
            clock.Advance(TimeSpan.FromSeconds(4));
            Assert.Equal("keep-alive", (await next)[""]);
        }

        await quiet.AskAsync(HttpStatusCode.Created, "POST", "quiet/messages", Said);
        Assert.Equal("2", await reader.MessagesAsync(1));
        Assert.Equal(TimeSpan.FromSeconds(15), new HttpOptions().KeepAliveInterval);
    }
}
