using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds storages of grain states that forget.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>Keeps the states of grains that name no storage in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) =>
        builder.ConfigureServices(static services => services.AddSingleton<IGrainStorage, MemoryGrainStorage>());

    /// <summary>Keeps the states of grains that name this storage in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name) =>
        builder.ConfigureServices(services => services.AddKeyedSingleton<IGrainStorage, MemoryGrainStorage>(name));
}
