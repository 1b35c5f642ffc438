using OrleansMemory.Diagnostics;

namespace OrleansMemory.Client;

/// <summary>Traces of external clients.</summary>
public static class ClientTraceExtensions
{
    /// <summary>
    /// Lets traces go on over the calls of an external client: each has an activity of the source <c>OrleansMemory</c>, which the silo's
    /// continue where it has <c>AddOrleansMemoryTraces</c> as well.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <returns>The client.</returns>
    /// <remarks>
    /// Where the application uses Orleans' <c>AddActivityPropagation</c> too, the activities of Orleans lose the ids of conversations and
    /// users.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IClientBuilder AddOrleansMemoryTraces(this IClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TraceRedaction.Start();
        return builder.Services.Any(service => service.ImplementationType == typeof(OutgoingCallTraces))
            ? builder
            : builder.AddOutgoingGrainCallFilter<OutgoingCallTraces>();
    }
}
