using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>Checks <see cref="ReminderOptions"/>.</summary>
internal sealed class ReminderOptionsValidator : IValidateOptions<ReminderOptions>
{
    public ValidateOptionsResult Validate(string? name, ReminderOptions options)
    {
        if (options.MinimumReminderPeriod < TimeSpan.Zero)
        {
            return ValidateOptionsResult.Fail(
                $"{nameof(ReminderOptions)}.{nameof(options.MinimumReminderPeriod)} is {options.MinimumReminderPeriod} and must not be negative.");
        }

        return options.RefreshReminderListPeriod > TimeSpan.Zero
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(ReminderOptions)}.{nameof(options.RefreshReminderListPeriod)} is {options.RefreshReminderListPeriod} and must be more than zero.");
    }
}
