using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

public sealed class ActivationOptionsTests
{
    [Theory]
    [InlineData("00:01:59")]
    [InlineData("1.00:00:01")]
    public void Idle_time_out_of_range_fails_with_its_rule(string idle)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo => silo.AddOrleansMemory().ConfigureActivations(options => options.IdleTime = TimeSpan.Parse(idle)));
        using IHost host = builder.Build();

        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() =>
            host.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value
        );

        Assert.Contains("ActivationOptions.IdleTime must be 2 minutes to 1 day", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_of_the_silo_holds_on_the_loopback_too()
    {
        using SiloApp app = new SiloApp().With("OrleansMemory:Cluster:IdleTime", "00:07:00");

        Assert.Equal(TimeSpan.FromMinutes(7), app.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value.CollectionAge);
    }
}
