using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime.ReminderService;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Adds reminders to a grain host.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Adds reminders; the table they are kept in is to be registered as <see cref="IReminderTable"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder) => builder.ConfigureServices(AddReminders);

    /// <inheritdoc cref="AddReminders(ISiloBuilder)" />
    /// <param name="services">The services of the application.</param>
    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(LocalReminderService))) return;
        services.AddSingleton<LocalReminderService>();
        services.AddHostedService(static provider => provider.GetRequiredService<LocalReminderService>());
        services.AddSingleton<IReminderRegistry, ReminderRegistry>();
        services.AddSingleton<IValidateOptions<ReminderOptions>, ReminderOptionsValidator>();
        services.AddOptions<ReminderOptions>().ValidateOnStart();
    }
}
