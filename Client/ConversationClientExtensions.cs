using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Client;

/// <summary>Registers the client.</summary>
public static class ConversationClientExtensions
{
    /// <summary>
    /// Makes <see cref="ConversationClient"/> available, in a web app that hosts the grains as well as in an external Orleans client.
    /// Needs an <see cref="IGrainFactory"/>, which <c>UseOrleans</c> and <c>UseOrleansClient</c> register. May be called more than once.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The same services.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddOrleansMemoryClient(options =&gt; options.DefaultTenant = "shop");
    /// </code>
    /// </example>
    public static IServiceCollection AddOrleansMemoryClient(
        this IServiceCollection services,
        Action<ConversationClientOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<ConversationClientOptions> options = services
            .AddOptions<ConversationClientOptions>()
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ConversationClientOptions>, ConversationClientOptionsValidator>()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConversationClient>();
        return services;
    }
}
