using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Metrics for Prometheus, and metrics and traces by OTLP where an address is set. Nothing is measured or traced without a listener.
/// </summary>
internal static class TelemetrySetup
{
    // As others are measured whose instruments stand beside ours.
    private static readonly string[] Meters =
    [
        MemoryActivities.SourceName,
        "Microsoft.Orleans",
        "Npgsql",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    // Those of Orleans name grains.
    private static readonly string[] Sources = [MemoryActivities.SourceName, DatabaseTraces.Source];

    /// <summary>Adds metrics and traces.</summary>
    /// <param name="builder">The app.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        MetricsOptions metrics = configuration.GetSection(MetricsOptions.Section).Get<MetricsOptions>() ?? new MetricsOptions();
        bool sendsTraces = Otlp.SendsTraces(configuration);
        if (!metrics.Enabled && !sendsTraces)
        {
            return;
        }

        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Name(resource, configuration));
        if (metrics.Enabled)
        {
            telemetry.WithMetrics(meters => Measure(meters, Otlp.SendsMetrics(configuration), DatabaseMetrics.HoldSecret(configuration)));
        }

        if (sendsTraces)
        {
            DatabaseTraces.Redact();
            telemetry.WithTracing(Trace);
        }
    }

    /// <summary>Lets traces go on over grain calls, where they are sent.</summary>
    /// <param name="silo">The grains' host.</param>
    public static void AddGrainTraces(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (Otlp.SendsTraces(configuration))
        {
            silo.AddOrleansMemoryTraces();
        }
    }

    private static void Measure(MeterProviderBuilder meters, bool sends, bool hidesPools)
    {
        meters.AddMeter(Meters).AddPrometheusExporter();
        if (hidesPools)
        {
            meters.AddView(DatabaseMetrics.WithoutPools);
        }

        if (sends)
        {
            meters.AddOtlpExporter();
        }
    }

    private static void Trace(TracerProviderBuilder traces) =>
        traces
            .AddSource(Sources)
            .AddAspNetCoreInstrumentation(requests =>
            {
                requests.Filter = RequestTraces.IsTraced;
                requests.EnrichWithHttpResponse = RequestTraces.Redact;
            })
            .AddOtlpExporter();

    // What the operator has named in the environment is not overridden.
    private static void Name(ResourceBuilder resource, ConfigurationManager configuration)
    {
        if (
            string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"])
            && configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) != true
        )
        {
            string? version = typeof(TelemetrySetup)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion.Split('+')[0];
            resource.AddService("orleans-memory", serviceVersion: version);
        }
    }
}
