using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Conversations;

/// <summary>The rules across fields of <see cref="ConversationOptions"/>.</summary>
internal sealed class ConversationOptionsValidator : IValidateOptions<ConversationOptions>
{
    public ValidateOptionsResult Validate(string? name, ConversationOptions options)
    {
        var failures = new List<string>();
        if (options.MaxTurnBytes < Math.Max(options.MaxMessageBytes, options.MaxEntryBytes))
        {
            failures.Add("ConversationOptions.MaxTurnBytes must not be less than MaxMessageBytes or MaxEntryBytes.");
        }

        if (options.MaxEntriesBytes < options.MaxEntryBytes)
        {
            failures.Add("ConversationOptions.MaxEntriesBytes must not be less than MaxEntryBytes.");
        }

        CheckTimeToLive(options.DefaultTimeToLive, "DefaultTimeToLive", failures);
        foreach ((string tenant, TenantOptions own) in options.Tenants)
        {
            string path = $"Tenants[{tenant}]";
            CheckTenant(tenant, path, failures);
            CheckTimeToLive(own.TimeToLive, $"{path}.TimeToLive", failures);
            if (own is { LivesForever: true, TimeToLive: not null })
            {
                failures.Add($"ConversationOptions.{path} has both LivesForever and TimeToLive. Set one of them.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckTenant(string tenant, string path, List<string> failures)
    {
        try
        {
            ConversationKey.Create(tenant, "any");
        }
        catch (InvalidRequestException exception)
        {
            failures.Add($"ConversationOptions.{path} names no tenant. {exception.Message}");
        }
    }

    private static void CheckTimeToLive(TimeToLive? timeToLive, string path, List<string> failures)
    {
        if (
            timeToLive is not null
            && (timeToLive.Duration < Instants.ShortestTimeToLive || timeToLive.Duration > Instants.LongestTimeToLive)
        )
        {
            failures.Add($"ConversationOptions.{path}.Duration must be one microsecond to {Instants.LongestTimeToLive.Days} days.");
        }
    }
}
