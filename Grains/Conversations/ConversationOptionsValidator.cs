using Microsoft.Extensions.Options;

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

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
