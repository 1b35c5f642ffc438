using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.ReminderService;

namespace Orleans.Hosting;

/// <summary>Adds reminders that are kept in memory.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Adds reminders that are forgotten when the process ends. A table registered before stays in use.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder) => builder
        .AddReminders()
        .ConfigureServices(static services => services.TryAddSingleton<IReminderTable, InMemoryReminderTable>());
}
