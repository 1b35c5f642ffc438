using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Statistics;

namespace OrleansMemory.Tests.Support;

/// <summary>What a host pays for once in a process that runs for days, where one process of tests has hundreds of them.</summary>
internal static class ManyHosts
{
    private static readonly Lock Making = new();
    private static IEnvironmentStatisticsProvider? _statistics;

    /// <summary>
    /// No cache of grains' addresses, since Orleans never ends its timer, which keeps a silo that was stopped, with all it held, in memory until the process ends: a silo that is alone
    /// knows the addresses of its grains without one. The cache that each silo has besides is made small, for by default it is one array of 9 MB, and such arrays had the whole heap
    /// collected with every silo that started.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    public static void LeaveOutDirectoryCache(IServiceCollection services) =>
        services.Configure<GrainDirectoryOptions>(static directory =>
        {
            directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None;
            directory.CacheSize = 1_000;
        });

    /// <summary>
    /// The same, and all silos and clients of the process share the statistics of their environment: Orleans' provider forces a collection of the whole heap when it is made.
    /// </summary>
    /// <param name="services">The services of a silo or a client, with Orleans' own.</param>
    public static void Share(IServiceCollection services)
    {
        LeaveOutDirectoryCache(services);
        Type provider = services.Last(service => service.ServiceType == typeof(IEnvironmentStatisticsProvider)).ImplementationType!;
        lock (Making)
        {
            _statistics ??= (IEnvironmentStatisticsProvider)Activator.CreateInstance(provider, nonPublic: true)!;
        }

        services.Replace(ServiceDescriptor.Singleton(_statistics));
    }
}
