namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Whether telemetry is sent to a collector: OpenTelemetry's own settings say so, from the environment or any other source of the
/// configuration.
/// </summary>
internal static class Otlp
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether traces are sent.</summary>
    /// <returns>Whether an address is set and traces are not excluded.</returns>
    public static bool SendsTraces(IConfiguration configuration) => Sends(configuration, "TRACES");

    /// <summary>Whether metrics are sent.</summary>
    /// <returns>Whether an address is set and metrics are not excluded.</returns>
    public static bool SendsMetrics(IConfiguration configuration) => Sends(configuration, "METRICS");

    private static bool Sends(IConfiguration configuration, string signal) =>
        (!string.IsNullOrEmpty(configuration[Endpoint]) || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]))
        && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);
}
