using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Extraction;

namespace OrleansMemory.Grains.Hosting;

/// <summary>What extraction needs of the services.</summary>
internal static class ExtractionRegistration
{
    public static void AddExtraction(this IServiceCollection services)
    {
        services.AddOptions<ExtractionOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExtractionOptions>, ExtractionOptionsValidator>());
        services.TryAddSingleton<ExtractionModel>();
        services.TryAddSingleton<ModelCalls>();
        services.TryAddSingleton<ExtractionServices>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRecordingHook, ExtractionHook>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ExtractionSweeper>());
    }
}
