using Microsoft.Extensions.Hosting;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>The host of the grains in this build: our own, in this process.</summary>
internal static class HostSetup
{
    /// <summary>The part of the raw group commit that DESIGN section 8 asks of this host.</summary>
    public const double AppendsToReach = 0.6;

    /// <summary>How many times the single commits DESIGN section 8 asks of this host; <see langword="null"/> where it asks nothing.</summary>
    public static readonly double? SingleCommitsToReach = 3;

    /// <summary>Hosts grains.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Adds what the grains need.</param>
    public static void AddGrainHost(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure) => builder.UseOrleans(configure);
}
