using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Session;
using Orleans.Statistics;

namespace OrleansMemory.Tests.Support;

/// <summary>What a host pays for once in a process that runs for days, where one process of tests has hundreds of them.</summary>
internal static class ManyHosts
{
    private static readonly Lock Making = new();
    private static IEnvironmentStatisticsProvider? _statistics;

    /// <summary>
    /// No cache of grains' addresses, since Orleans never ends its timer, which keeps a silo that was stopped, with all it held, in memory
    /// until the process ends: a silo that is alone knows the addresses of its grains without one. The cache that each silo has besides is
    /// made small, for by default it is one array of 9 MB, and such arrays had the whole heap collected with every silo that started.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    public static void LeaveOutDirectoryCache(IServiceCollection services) =>
        services.Configure<GrainDirectoryOptions>(static directory =>
        {
            directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None;
            directory.CacheSize = 1_000;
        });

    /// <summary>
    /// The same; what threads hold of a host is let go of when it is disposed; and all silos and clients of the process share the
    /// statistics of their environment: Orleans' provider forces a collection of the whole heap when it is made.
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
        services.AddHostedService<ThreadPools>();
    }

    /// <summary>
    /// Orleans pools sessions of its serializer and contexts of its copier by thread. Each knows the services of its host, these know the
    /// pool, and no pool is ever disposed of: as long as one of the threads that have worked for a host is alive, so is all of the host.
    /// </summary>
    private sealed class ThreadPools(SerializerSessionPool sessions, CopyContextPool copies) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            Release(sessions);
            Release(copies);
        }

        private static void Release(object pool)
        {
            foreach (
                object value in pool.GetType()
                    .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
                    .Select(field => field.GetValue(pool))
                    .OfType<object>()
            )
            {
                if (value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ThreadLocal<>))
                {
                    ((IDisposable)value).Dispose();
                }
                else if (value.GetType().Name.StartsWith("ConcurrentObjectPool", StringComparison.Ordinal))
                {
                    Release(value);
                }
            }
        }
    }
}
