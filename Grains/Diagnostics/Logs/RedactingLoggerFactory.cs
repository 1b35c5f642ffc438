using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>Stands around the host's logger factory: the loggers of Orleans are redacted, all others are the host's own.</summary>
internal sealed class RedactingLoggerFactory : ILoggerFactory
{
    private readonly ILoggerFactory _inner;
    private readonly LogRepetition _repetition;

    private RedactingLoggerFactory(ILoggerFactory inner, TimeProvider time)
    {
        _inner = inner;
        _repetition = new LogRepetition(time);
    }

    /// <summary>
    /// Puts it around the factory that is registered. A factory that is registered later takes its place, which the start tells of.
    /// </summary>
    /// <param name="services">The host's services.</param>
    public static void Add(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Marker)))
        {
            return;
        }

        services.AddSingleton<Marker>();
        services.AddLogging();
        ServiceDescriptor given = services.Last(service => service.ServiceType == typeof(ILoggerFactory) && !service.IsKeyedService);
        services.Remove(given);
        if (given.ImplementationType is { } type)
        {
            // Made by the container, which knows which of its constructors to call.
            services.AddSingleton(type);
        }

        services.AddSingleton<ILoggerFactory>(provider => new RedactingLoggerFactory(
            (ILoggerFactory)(
                given.ImplementationInstance
                ?? given.ImplementationFactory?.Invoke(provider)
                ?? provider.GetRequiredService(given.ImplementationType!)
            ),
            TimeProvider.System
        ));
    }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName)
    {
        ILogger logger = _inner.CreateLogger(categoryName);
        return LogRedaction.Covers(categoryName) ? new RedactingLogger(logger, categoryName, _repetition) : logger;
    }

    /// <inheritdoc />
    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    /// <inheritdoc />
    public void Dispose()
    {
        _repetition.Dispose();
        _inner.Dispose();
    }

    private sealed class Marker;
}
