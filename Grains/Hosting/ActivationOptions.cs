using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Hosting;

/// <summary>How long a silo keeps grains in memory, whichever membership it has.</summary>
public sealed class ActivationOptions
{
    /// <summary>
    /// How long a conversation that is not used stays in memory, 2 minutes to 1 day. People answer within minutes; coming back costs a few
    /// milliseconds, staying costs the newest messages and all entries in memory. It is the silo's collection age, so it also holds for
    /// other grains of the silo that set none.
    /// </summary>
    /// <value>Default: 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00", ErrorMessage = "ActivationOptions.IdleTime must be 2 minutes to 1 day.")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(10);
}
