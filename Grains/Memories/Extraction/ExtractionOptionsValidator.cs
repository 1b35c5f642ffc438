using Microsoft.Extensions.Options;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>The rules of <see cref="ExtractionOptions"/> that no attribute says.</summary>
internal sealed class ExtractionOptionsValidator : IValidateOptions<ExtractionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExtractionOptions options)
    {
        if (options.MaxRetryDelay < options.RetryDelay)
        {
            return ValidateOptionsResult.Fail("ExtractionOptions.MaxRetryDelay must not be less than RetryDelay.");
        }

        return options.ServiceKey is { Length: 0 }
            ? ValidateOptionsResult.Fail(
                "ExtractionOptions.ServiceKey must not be empty; null takes the chat client that is registered without a key."
            )
            : ValidateOptionsResult.Success;
    }
}
