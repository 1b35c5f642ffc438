using Microsoft.Extensions.Options;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>The rules of <see cref="VectorOptions"/> that no attribute says.</summary>
internal sealed class VectorOptionsValidator : IValidateOptions<VectorOptions>
{
    public ValidateOptionsResult Validate(string? name, VectorOptions options) =>
        options.TermWeight + options.MeaningWeight > 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("VectorOptions.TermWeight and MeaningWeight must not both be 0.");
}
