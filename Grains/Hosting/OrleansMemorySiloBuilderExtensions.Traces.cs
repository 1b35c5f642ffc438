using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

public static partial class OrleansMemorySiloBuilderExtensions
{
    /// <summary>
    /// Lets traces go on over grain calls: Orleans' own activity propagation, whose activities (source <c>Microsoft.Orleans.Application</c>) lose the ids of our grains, which name conversations and
    /// users, and what a failed call says. Add it to the silo where a tracer listens to that source; it costs every call something. Sources to listen to: <c>OrleansMemory</c> and that one.
    /// </summary>
    /// <param name="builder">The silo. In a co-hosted app it covers the client as well.</param>
    /// <returns>The silo.</returns>
    /// <remarks>Call it before a tracer is built by hand: what listens before it sees the ids. Tracers of OpenTelemetry's hosting are built when the host starts, after it in any case.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo =&gt; silo.AddOrleansMemory().AddOrleansMemoryTraces().UsePostgresStorage(store =&gt; store.ConnectionString = connectionString));
    /// builder.Services.AddOpenTelemetry().WithTracing(traces =&gt; traces.AddSource("OrleansMemory", "Microsoft.Orleans.Application").AddOtlpExporter());
    /// </code>
    /// </example>
    public static ISiloBuilder AddOrleansMemoryTraces(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TraceRedaction.Start();
        return builder.AddActivityPropagation();
    }
}
