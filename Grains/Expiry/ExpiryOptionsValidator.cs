using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Expiry;

/// <summary>The rules of <see cref="ExpiryOptions"/> that no attribute says.</summary>
internal sealed class ExpiryOptionsValidator : IValidateOptions<ExpiryOptions>
{
    public ValidateOptionsResult Validate(string? name, ExpiryOptions options) =>
        WheelShare.IsWheel(options.Grains)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("ExpiryOptions.Grains must be a power of two, 1 to 256.");
}
