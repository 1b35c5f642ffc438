using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;

namespace OrleansMemory.Tests.Support;

/// <summary>For hosts over a store of a test's own.</summary>
internal static class Uncounted
{
    /// <summary>Adds an audit trail, and usage that knows nothing of the store.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddUncounted(this IServiceCollection services) =>
        services
            .AddSingleton<IAuditStore, InMemoryAuditStore>()
            .AddSingleton<IUsageStore>(static _ => new InMemoryUsageStore(
                new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance),
                new InMemoryFactStore()
            ));
}
