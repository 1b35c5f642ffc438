namespace OrleansMemory.Silo.Telemetry;

/// <summary>What Prometheus is told: the section <c>OrleansMemory:Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansMemory:Metrics";

    /// <summary>Whether anything is measured: without it there is no <c>/metrics</c>, and nothing is sent by OTLP.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// An address of its own for scrapers, such as <c>http://0.0.0.0:9464</c>: it serves <c>/metrics</c> and nothing else, and asks for no
    /// key, so it belongs into a network that only scrapers reach.
    /// </summary>
    /// <value>Default: <see langword="null"/>: <c>/metrics</c> is served beside everything else, to operators.</value>
    public string? Address { get; set; }
}
