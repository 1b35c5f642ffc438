using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>Rules across registrations: a store without grains fails at start, not at its first call.</summary>
internal sealed class MemoryStoreOptionsValidator(IServiceProviderIsService services) : IValidateOptions<MemoryStoreOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MemoryStoreOptions options)
    {
        string[] faults = [.. BackendRules.FindFaults(services, options.Backend, options.Tenant, "AddMemoryStore()")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
