using OrleansMemory.Diagnostics;

namespace OrleansMemory.Client;

/// <summary>Traces of external clients.</summary>
public static class ClientTraceExtensions
{
    /// <summary>
    /// Lets traces go on over the calls of an external client, as <c>AddOrleansMemoryTraces</c> of a silo does: Orleans' own activity propagation, whose activities (source
    /// <c>Microsoft.Orleans.Application</c>) lose the ids of conversations and users.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IClientBuilder AddOrleansMemoryTraces(this IClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TraceRedaction.Start();
        return builder.AddActivityPropagation();
    }
}
