using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Client.Compatibility;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class MemoryManagerRegistrationTests
{
    [Fact]
    public async Task Grains_are_used_where_there_are_any()
    {
        // A host of its own: its clock says when the memory expires.
        var clock = new ManualUtcClock();
        await using GrainHost host = await GrainHost.InMemoryAsync(clock);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(host.Grains)
            .AddMemoryManager(options => (options.Tenant, options.TimeToLive) = ("acme", TimeSpan.FromHours(1)))
            .AddMemoryManager()
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType<GrainMemoryManager>(Assert.Single(services.GetServices<IMemoryManager>()));
        await services.GetRequiredService<WorkingMemoryService>().StoreWorkingMemoryAsync("c", new WorkingMemory("w"));

        Assert.Equal(clock.GetUtcNow().AddHours(1), Assert.Single(await host.Conversation("c", "acme").GetEntriesAsync(null)).ExpiresAt);
    }

    [Fact]
    public void Memory_in_this_process_is_used_when_asked_for()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddMemoryManager(options => (options.Backend, options.TimeToLive) = (MemoryBackend.InMemory, null))
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType<InMemoryManager>(services.GetRequiredService<IMemoryManager>());
    }

    public static TheoryData<Action<MemoryManagerOptions>, string> BadOptions() =>
        new()
        {
            { _ => { }, "UseOrleans(...)" },
            { options => options.Backend = (MemoryBackend)7, "Backend" },
            { options => (options.Backend, options.Tenant) = (MemoryBackend.InMemory, ""), "Tenant" },
            { options => (options.Backend, options.TimeToLive) = (MemoryBackend.InMemory, TimeSpan.Zero), "TimeToLive" },
        };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void What_cannot_work_fails_at_start_by_name(Action<MemoryManagerOptions> configure, string name)
    {
        using ServiceProvider services = new ServiceCollection().AddMemoryManager(configure).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.Contains("AddMemoryManager()", failure.Message, StringComparison.Ordinal);
    }
}
