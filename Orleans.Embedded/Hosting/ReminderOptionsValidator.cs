using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>Checks <see cref="ReminderOptions"/>.</summary>
internal sealed class ReminderOptionsValidator : IValidateOptions<ReminderOptions>
{
    public ValidateOptionsResult Validate(string? name, ReminderOptions options)
    {
        if (options.MinimumReminderPeriod < TimeSpan.Zero)
        {
            return Fail(nameof(options.MinimumReminderPeriod), options.MinimumReminderPeriod, "not be negative");
        }

        return options.RefreshReminderListPeriod > TimeSpan.Zero
            ? ValidateOptionsResult.Success
            : Fail(nameof(options.RefreshReminderListPeriod), options.RefreshReminderListPeriod, "be more than zero");
    }

    private static ValidateOptionsResult Fail(string setting, TimeSpan value, string rule) =>
        ValidateOptionsResult.Fail($"{nameof(ReminderOptions)}.{setting} is {value} and must {rule}.");
}
