using System.Reflection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Refuses settings of failure detection that Orleans takes and then fails with, or never detects anything with: all of its numbers and
/// durations are greater than 0.
/// </summary>
internal sealed class FailureDetectionCheck : IValidateOptions<ClusterMembershipOptions>
{
    // Timers take no more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ClusterMembershipOptions options)
    {
        string section = $"{HostSetup.Section}:{nameof(MembershipOptions.FailureDetection)}";
        List<string> failures = [];
        foreach (PropertyInfo property in typeof(ClusterMembershipOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            string? rule = property.GetValue(options) switch
            {
                int number when number < 1 => "must be 1 or more.",
                TimeSpan duration when duration <= TimeSpan.Zero || duration > Longest =>
                    "must be a duration greater than 0, such as 00:00:05 (hours:minutes:seconds), and at most 40 days.",
                _ => null,
            };
            if (rule is not null)
            {
                failures.Add($"{section}:{property.Name} {rule}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
