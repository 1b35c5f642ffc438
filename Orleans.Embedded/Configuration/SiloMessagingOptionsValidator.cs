using Microsoft.Extensions.Options;

namespace Orleans.Configuration;

/// <summary>Checks <see cref="SiloMessagingOptions"/>.</summary>
internal sealed class SiloMessagingOptionsValidator : IValidateOptions<SiloMessagingOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloMessagingOptions options) => options.ResponseTimeout > TimeSpan.Zero
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{nameof(SiloMessagingOptions)}.{nameof(options.ResponseTimeout)} is {options.ResponseTimeout} and must be more than zero.");
}
