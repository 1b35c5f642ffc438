using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Vectors;

namespace OrleansMemory.Grains.Hosting;

/// <summary>What vectors need of the services.</summary>
internal static class VectorRegistration
{
    public static void AddVectors(this IServiceCollection services)
    {
        services.AddOptions<VectorOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VectorOptions>, VectorOptionsValidator>());
        services.TryAddSingleton<EmbeddingSource>();
        services.TryAddSingleton<TextEmbedder>();
        services.TryAddSingleton<QueryEmbedder>();
        services.TryAddSingleton<MeaningSearch>();
        services.TryAddSingleton<EmbeddingHook>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IRecordingHook, EmbeddingHook>(provider => provider.GetRequiredService<EmbeddingHook>())
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EmbeddingSweeper>());
    }
}
