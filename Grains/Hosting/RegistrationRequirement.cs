using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Fails the start of a silo whose registration is incomplete or contradicts itself, in one sentence that names the call. It sees the whole
/// registration, so the order of calls does not matter.
/// </summary>
/// <param name="services">What was registered.</param>
internal sealed class RegistrationRequirement(IServiceProviderIsService services, IEnumerable<ChosenStore> stores) : IConfigurationValidator
{
    /// <summary>Registers the check ahead of those of Orleans' providers, which can only say that a connection string is missing.</summary>
    /// <param name="services">The silo's services.</param>
    public static void Add(IServiceCollection services)
    {
        if (!services.Any(service => !service.IsKeyedService && service.ImplementationType == typeof(RegistrationRequirement)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IConfigurationValidator, RegistrationRequirement>());
        }
    }

    /// <summary>Checks the registration.</summary>
    /// <exception cref="InvalidOperationException">A call is missing, or two calls exclude each other.</exception>
    public void ValidateConfiguration()
    {
        if (FindFault() is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    private string? FindFault()
    {
        string[] chosen = [.. stores.Select(store => store.Call)];
        if (!services.IsService(typeof(TenantPolicies)))
        {
            return $"{chosen.FirstOrDefault() ?? "UsePostgresClustering()"} was called without AddOrleansMemory(). Call AddOrleansMemory() on the silo builder.";
        }

        if (chosen.Length > 1)
        {
            return $"Both {chosen[0]} and {chosen[1]} were called. Call one of them on the silo builder.";
        }

        if (services.IsService(typeof(ClusterMembers)) && !chosen.Contains(ChosenStore.Postgres))
        {
            return "UsePostgresClustering() was called, but conversations are not kept in PostgreSQL. Call UsePostgresStorage(...) on the silo builder.";
        }

        if (!services.IsService(typeof(IConversationStore)) || !services.IsService(typeof(IFactStore)))
        {
            return "AddOrleansMemory() was called, but no store was chosen. Call UsePostgresStorage(...) or UseInMemoryStorage() on the silo builder.";
        }

        return services.IsService(typeof(IReminderTable))
            ? null
            : "AddOrleansMemory() was called, but the silo has no reminders, which remove what is expired. Call UseInMemoryReminderService() or another reminder provider on the silo builder.";
    }
}
