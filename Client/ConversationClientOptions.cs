using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

/// <summary>How <see cref="ConversationClient"/> addresses conversations and how long it tries.</summary>
public sealed class ConversationClientOptions
{
    /// <summary>The tenant of conversations that are asked for by id alone.</summary>
    /// <value>Default: <c>default</c>. The rules are those of <see cref="ConversationKey"/>.</value>
    [Required]
    public string DefaultTenant { get; set; } = "default";

    /// <summary>
    /// How often a call is repeated after a transient failure, under the same turn id. The default lasts for more than half a minute of
    /// pauses: so long the silos of a cluster may take to notice that one of them has died.
    /// </summary>
    /// <value>Default: 20. Range: 0 (never) to 100.</value>
    [Range(0, 100)]
    public int MaxRetries { get; set; } = 20;

    /// <summary>The pause before the first repetition; it doubles with each further one. Half of every pause is random.</summary>
    /// <value>Default: 50 milliseconds. Range: 1 millisecond to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause, unless the grain asked for a longer one.</summary>
    /// <value>Default: 5 seconds. Range: <see cref="RetryDelay"/> to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// No repetition starts later than this after the first attempt; the last failure is thrown then. Keep it well above the response
    /// time-out of grain calls (30 seconds by default): an answer that was lost with a silo is missed only after that, and only a
    /// repetition brings it.
    /// </summary>
    /// <value>Default: 90 seconds. Range: 0 to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxRetryTime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The serializer options that know every content type in use; register your own types on a copy of the default.</summary>
    /// <value>Default: <see langword="null"/>, which takes <see cref="AIJsonUtilities.DefaultOptions"/>.</value>
    public JsonSerializerOptions? SerializerOptions { get; set; }
}
