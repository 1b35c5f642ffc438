using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Rules of options and across registrations: a manager without grains fails at start, not at its first call.</summary>
internal sealed class MemoryManagerOptionsValidator(IServiceProviderIsService services) : IValidateOptions<MemoryManagerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MemoryManagerOptions options)
    {
        List<string> faults = [.. BackendRules.FindFaults(services, options.Backend, options.Tenant, "AddMemoryManager()")];
        if (options.FindTimeToLiveFault() is { } fault)
        {
            faults.Add($"AddMemoryManager(): {fault}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
