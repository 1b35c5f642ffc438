using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility;

/// <summary>What the memory APIs that can live on grains or in this process have in common.</summary>
internal static class BackendRules
{
    /// <summary>What is wrong with a choice of backend.</summary>
    /// <param name="services">What is registered.</param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the client's own.</param>
    /// <param name="call">The call that registered the API.</param>
    /// <returns>The faults, none when all is well.</returns>
    public static IEnumerable<string> FindFaults(IServiceProviderIsService services, MemoryBackend backend, string? tenant, string call)
    {
        if (!Enum.IsDefined(backend))
        {
            yield return $"{call}: Backend must be {nameof(MemoryBackend.Grains)} or {nameof(MemoryBackend.InMemory)}.";
        }

        if (
            backend == MemoryBackend.Grains
            && !services.IsService(typeof(IGrainFactory))
            && !services.IsService(typeof(ConversationClient))
        )
        {
            yield return $"{call} found no IGrainFactory. Call UseOrleans(...) on the host builder, UseOrleansClient(...) to reach a cluster, "
                + $"or choose Backend = {nameof(MemoryBackend)}.{nameof(MemoryBackend.InMemory)}, which forgets everything when the process ends.";
        }

        if (tenant is not null && FindTenantFault(tenant) is { } fault)
        {
            yield return $"{call}: Tenant: {fault}";
        }
    }

    /// <summary>The client that is registered, or one of the grains that are.</summary>
    public static ConversationClient GetClient(IServiceProvider services) =>
        services.GetService<ConversationClient>()
        ?? new ConversationClient(
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IOptions<ConversationClientOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<ConversationClient>>() ?? NullLogger<ConversationClient>.Instance
        );

    private static string? FindTenantFault(string tenant)
    {
        try
        {
            ConversationKey.Create(tenant, "any");
            return null;
        }
        catch (InvalidRequestException failure)
        {
            return failure.Message;
        }
    }
}
