using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class VectorOptionsTests
{
    public static TheoryData<string, Action<VectorOptions>> Rules { get; } =
        new()
        {
            { "Model must be", options => options.Model = "" },
            { "Model must be", options => options.Model = new string('m', 201) },
            { "Dimensions must be", options => options.Dimensions = 0 },
            { "MaxTextCharacters must be", options => options.MaxTextCharacters = 99 },
            { "BatchSize must be", options => options.BatchSize = 0 },
            { "ConcurrentBatches must be", options => options.ConcurrentBatches = 65 },
            { "BatchTimeout must be", options => options.BatchTimeout = TimeSpan.FromMilliseconds(999) },
            { "MaxRetries must be", options => options.MaxRetries = 11 },
            { "RetryDelay must be", options => options.RetryDelay = TimeSpan.Zero },
            { "SweepInterval must be", options => options.SweepInterval = TimeSpan.Zero },
            { "SweepScopes must be", options => options.SweepScopes = 0 },
            { "DatabaseSearchFrom must be", options => options.DatabaseSearchFrom = -1 },
            { "DatabaseSearchFrom must be", options => options.DatabaseSearchFrom = 2_000_001 },
            { "QueryTimeout must be", options => options.QueryTimeout = TimeSpan.FromSeconds(11) },
            { "QueryPause must be", options => options.QueryPause = TimeSpan.FromSeconds(-1) },
            { "QueryCacheSize must be", options => options.QueryCacheSize = -1 },
            { "QueryCacheTime must be", options => options.QueryCacheTime = TimeSpan.Zero },
            { "MinSimilarity must be", options => options.MinSimilarity = 1.1 },
            { "MinSimilarity must be", options => options.MinSimilarity = double.NaN },
            { "Candidates must be", options => options.Candidates = 9 },
            { "TermWeight must be", options => options.TermWeight = -1 },
            { "MeaningWeight must be", options => options.MeaningWeight = double.PositiveInfinity },
            { "TermWeight and MeaningWeight must not both be 0", options => (options.TermWeight, options.MeaningWeight) = (0, 0) },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task An_option_out_of_range_fails_the_start_with_its_rule(string message, Action<VectorOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddOrleansMemory().ConfigureVectors(configure).UseInMemoryStorage());
        using IHost host = builder.Build();
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
