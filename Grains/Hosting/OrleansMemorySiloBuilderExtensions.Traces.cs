using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

public static partial class OrleansMemorySiloBuilderExtensions
{
    /// <summary>
    /// Lets traces go on over calls of our grains: both ends of a call have an activity of the source <c>OrleansMemory</c>, one within the
    /// other, whose names are those of the methods. Without it a trace ends where a call begins. It costs every call something, so add it
    /// where a tracer listens.
    /// </summary>
    /// <param name="builder">The silo. In a co-hosted app it covers the client as well.</param>
    /// <returns>The silo.</returns>
    /// <remarks>
    /// Where the application traces its own grains with Orleans' <c>AddActivityPropagation</c>, the activities of Orleans lose the ids of
    /// our grains, which name conversations and users, and what a failed call of them says. Call it before a tracer is built by hand: what
    /// listens before it sees them. Tracers of OpenTelemetry's hosting are built when the host starts, after it in any case.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo =&gt; silo
    ///     .AddOrleansMemory()
    ///     .AddOrleansMemoryTraces()
    ///     .UsePostgresStorage(store =&gt; store.ConnectionString = connectionString));
    /// </code>
    /// </example>
    public static ISiloBuilder AddOrleansMemoryTraces(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TraceRedaction.Start();
        return builder.Services.Any(service => service.ImplementationType == typeof(IncomingCallTraces))
            ? builder
            : builder.AddOutgoingGrainCallFilter<OutgoingCallTraces>().AddIncomingGrainCallFilter<IncomingCallTraces>();
    }
}
