using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>Rules across options, and across registrations: a client without grains fails at start, not at its first call.</summary>
internal sealed class ConversationClientOptionsValidator(IServiceProviderIsService services) : IValidateOptions<ConversationClientOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ConversationClientOptions options)
    {
        var failures = new List<string>();
        if (!services.IsService(typeof(IGrainFactory)))
        {
            failures.Add(MissingGrainFactory);
        }

        if (options.RetryDelay > options.MaxRetryDelay)
        {
            failures.Add($"{nameof(options.RetryDelay)} must not be longer than {nameof(options.MaxRetryDelay)}.");
        }

        try
        {
            ConversationKey.Create(options.DefaultTenant, "any");
        }
        catch (InvalidRequestException failure)
        {
            failures.Add($"{nameof(options.DefaultTenant)}: {failure.Message}");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>What to do when there are no grains to talk to.</summary>
    internal const string MissingGrainFactory =
        "AddOrleansMemoryClient() found no IGrainFactory. Call UseOrleans(...) on the host builder, or UseOrleansClient(...) to reach a cluster.";
}
