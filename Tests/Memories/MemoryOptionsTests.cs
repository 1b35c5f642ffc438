using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class MemoryOptionsTests
{
    public static TheoryData<string, Action<MemoryOptions>> Rules { get; } =
        new()
        {
            { "MaxMemoryBytes must be", options => options.MaxMemoryBytes = 1_023 },
            { "MaxMetadataBytes must be", options => options.MaxMetadataBytes = 255 },
            { "MaxRecordMemories must be", options => options.MaxRecordMemories = 0 },
            { "MaxRecordBytes must be", options => options.MaxRecordBytes = 200 * 1024 * 1024 },
            { "MaxRecordBytes must not be less than", options => options.MaxRecordBytes = 1024 * 1024 },
            { "MaxScopeMemories must be", options => options.MaxScopeMemories = 0 },
            { "MaxScopeBytes must be", options => options.MaxScopeBytes = 1024 },
            { "MaxAnswerBytes must be", options => options.MaxAnswerBytes = 1 },
            { "DefaultTimeToLive must be", options => options.DefaultTimeToLive = TimeSpan.Zero },
            { "EpisodePause must be", options => options.EpisodePause = TimeSpan.Zero },
            { "TraceWindow must be", options => options.TraceWindow = TimeSpan.FromDays(31) },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task An_option_out_of_range_fails_the_start_with_its_rule(string message, Action<MemoryOptions> configure) =>
        Assert.Contains(message, await FailAsync(silo => silo.ConfigureMemories(configure)), StringComparison.Ordinal);

    [Fact]
    public async Task Weights_out_of_range_fail_the_start_with_their_rule() =>
        Assert.Contains(
            "RecallWeights.LengthPenalty must be 0 to 1",
            await FailAsync(silo => silo.ConfigureRecall(weights => weights.LengthPenalty = 2)),
            StringComparison.Ordinal
        );

    private static async Task<string> FailAsync(Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo => configure(silo.UseLocalhostClustering().AddOrleansMemory().UseInMemoryStorage()));
        using IHost host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }
}
