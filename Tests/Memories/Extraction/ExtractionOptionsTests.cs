using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class ExtractionOptionsTests
{
    public static TheoryData<string, Action<ExtractionOptions>> Rules { get; } =
        new()
        {
            { "BatchTurns must be", options => options.BatchTurns = 0 },
            { "MaxBatchBytes must be", options => options.MaxBatchBytes = 1_023 },
            { "Delay must be", options => options.Delay = TimeSpan.FromHours(2) },
            { "MaxChanges must be", options => options.MaxChanges = 0 },
            { "MaxFactBytes must be", options => options.MaxFactBytes = 63 },
            { "KnownFacts must be", options => options.KnownFacts = -1 },
            { "MaxAttempts must be", options => options.MaxAttempts = 0 },
            { "Timeout must be", options => options.Timeout = TimeSpan.Zero },
            { "RetryDelay must be", options => options.RetryDelay = TimeSpan.Zero },
            { "MaxRetryDelay must be", options => options.MaxRetryDelay = TimeSpan.FromDays(2) },
            { "MaxRetryDelay must not be less than RetryDelay", options => options.MaxRetryDelay = TimeSpan.FromSeconds(4) },
            { "GiveUpAfter must be", options => options.GiveUpAfter = TimeSpan.FromSeconds(59) },
            { "SweepInterval must be", options => options.SweepInterval = TimeSpan.FromMilliseconds(999) },
            { "ConcurrentCalls must be", options => options.ConcurrentCalls = 0 },
            { "ServiceKey must not be empty", options => options.ServiceKey = "" },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_that_is_broken_is_named(string message, Action<ExtractionOptions> breakRule)
    {
        using IHost host = Build(silo => silo.ConfigureExtraction(breakRule));
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() =>
            host.Services.GetRequiredService<IOptions<ExtractionOptions>>().Value
        );
        Assert.Contains("ExtractionOptions." + message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chat_client_among_the_services_is_enough()
    {
        using var model = new ScriptedChatClient();
        Assert.False(Model(_ => { }).IsPresent);
        Assert.Same(model, Model(silo => silo.Services.AddSingleton<IChatClient>(model)).Client);
        Assert.False(
            Model(silo => silo.ConfigureExtraction(options => options.Enabled = false).Services.AddSingleton<IChatClient>(model)).IsPresent
        );
    }

    [Fact]
    public void A_key_takes_the_client_of_that_key_and_no_other()
    {
        using var model = new ScriptedChatClient();
        using var other = new ScriptedChatClient();
        Assert.Same(
            model,
            Model(silo =>
            {
                silo.ConfigureExtraction(options => options.ServiceKey = "small");
                silo.Services.AddKeyedSingleton<IChatClient>("small", model).AddSingleton<IChatClient>(other);
            }).Client
        );
        Assert.False(Model(silo => silo.Services.AddKeyedSingleton<IChatClient>("small", model)).IsPresent);
    }

    [Fact]
    public async Task A_key_without_a_client_fails_the_start()
    {
        InvalidOperationException failure = await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            GrainHost.StartAsync(silo =>
                silo.AddOrleansMemory()
                    .UseInMemoryStorage()
                    .UseInMemoryReminderService()
                    .ConfigureExtraction(options => options.ServiceKey = "none")
            )
        );
        Assert.Contains("AddKeyedSingleton<IChatClient>", failure.Message, StringComparison.Ordinal);
    }

    private static ExtractionModel Model(Action<ISiloBuilder> configure) => Build(configure).Services.GetRequiredService<ExtractionModel>();

    private static IHost Build(Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo => configure(silo.UseLocalhostClustering().AddOrleansMemory().UseInMemoryStorage()));
        return builder.Build();
    }
}
