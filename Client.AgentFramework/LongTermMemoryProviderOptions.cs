using System.ComponentModel.DataAnnotations;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>How a <see cref="LongTermMemoryProvider"/> gives memories to a model, and what it records. The options are read once.</summary>
public sealed class LongTermMemoryProviderOptions
{
    /// <summary>What stands before memories, unless the options say otherwise.</summary>
    public const string DefaultContextPrompt = "## Memories\nConsider the following memories when answering user questions:";

    /// <summary>The least score of memories that are given to a run or found by the tool, unless the options say otherwise.</summary>
    public const double DefaultMinScore = 0.15;

    /// <summary>How memories come to the model.</summary>
    /// <value>Default: <see cref="LongTermMemoryMode.Context"/>.</value>
    [EnumDataType(typeof(LongTermMemoryMode))]
    public LongTermMemoryMode Mode { get; set; } = LongTermMemoryMode.Context;

    /// <summary>Where memories are put that are given as context.</summary>
    /// <value>Default: <see cref="LongTermMemoryChannel.Message"/>.</value>
    [EnumDataType(typeof(LongTermMemoryChannel))]
    public LongTermMemoryChannel Channel { get; set; }

    /// <summary>What stands before the memories.</summary>
    /// <value>Default: <see cref="DefaultContextPrompt"/>.</value>
    [Required]
    public string ContextPrompt { get; set; } = DefaultContextPrompt;

    /// <summary>How many memories are given at most, to a run and by each call of the tool.</summary>
    /// <value>Default: 10. Range: 1 to 1,000.</value>
    [Range(1, 1_000)]
    public int Limit { get; set; } = 10;

    /// <summary>
    /// The least score that a memory must have; see <see cref="RecallRequest.MinScore"/>. <see langword="null"/>: no floor.
    /// </summary>
    /// <value>Default: <see cref="DefaultMinScore"/>. Range: 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double? MinScore { get; set; } = DefaultMinScore;

    /// <summary>The only kind of memories to give as context.</summary>
    /// <value>Default: <see langword="null"/>, both.</value>
    public MemoryKind? Kind { get; set; }

    /// <summary>Whether what is said is recorded.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool RecordsRuns { get; set; } = true;

    /// <summary>How long what is recorded lives, more than zero.</summary>
    /// <value>Default: <see langword="null"/>, as long as the grains' <c>MemoryOptions.DefaultTimeToLive</c> says.</value>
    [Range(typeof(TimeSpan), "00:00:00.000001", "36500.00:00:00")]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>What becomes of a run whose memories cannot be read or recorded.</summary>
    /// <value>Default: <see cref="MemoryFailureHandling.Skip"/>.</value>
    [EnumDataType(typeof(MemoryFailureHandling))]
    public MemoryFailureHandling FailureHandling { get; set; }

    /// <summary>The options as they are now, out of the caller's reach.</summary>
    internal LongTermMemoryProviderOptions Copy() => (LongTermMemoryProviderOptions)MemberwiseClone();
}
