using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Memories;

/// <summary>The rules across fields of <see cref="MemoryOptions"/>.</summary>
internal sealed class MemoryOptionsValidator : IValidateOptions<MemoryOptions>
{
    public ValidateOptionsResult Validate(string? name, MemoryOptions options)
    {
        var failures = new List<string>();
        if (options.MaxRecordBytes < (long)options.MaxMemoryBytes + options.MaxMetadataBytes)
        {
            failures.Add("MemoryOptions.MaxRecordBytes must not be less than MaxMemoryBytes and MaxMetadataBytes together.");
        }

        if (
            options.DefaultTimeToLive is { } timeToLive
            && (timeToLive < Instants.ShortestTimeToLive || timeToLive > Instants.LongestTimeToLive)
        )
        {
            failures.Add($"MemoryOptions.DefaultTimeToLive must be one microsecond to {Instants.LongestTimeToLive.Days} days.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
