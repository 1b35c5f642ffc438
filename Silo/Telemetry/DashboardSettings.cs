namespace OrleansMemory.Silo.Telemetry;

/// <summary>The dashboard of Orleans: the section <c>OrleansMemory:Dashboard</c>.</summary>
internal sealed class DashboardSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansMemory:Dashboard";

    /// <summary>Whether <c>/dashboard</c> is there, for operators. All silos of a cluster should agree.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;
}
