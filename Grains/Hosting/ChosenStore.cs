using Microsoft.Extensions.DependencyInjection;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Records which call chose a store, so that a second, different choice is found.</summary>
/// <param name="Call">The call, as an application writes it.</param>
internal sealed record ChosenStore(string Call)
{
    /// <summary>The call that keeps conversations in PostgreSQL.</summary>
    public const string Postgres = "UsePostgresStorage(...)";

    /// <summary>The call that keeps conversations in memory.</summary>
    public const string InMemory = "UseInMemoryStorage()";

    /// <summary>Records a call once.</summary>
    /// <param name="services">The silo's services.</param>
    public static void Record(IServiceCollection services, string call)
    {
        var chosen = new ChosenStore(call);
        if (!services.Any(service => !service.IsKeyedService && chosen.Equals(service.ImplementationInstance)))
        {
            services.AddSingleton(chosen);
        }
    }
}
