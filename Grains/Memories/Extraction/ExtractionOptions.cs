using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>How facts are distilled from recorded turns, in the background, when the silo has a chat client.</summary>
/// <remarks>
/// The turns and the known facts of a scope go to that client: to whatever service it stands for, and to no other. Without a client nothing
/// is queued and none of this counts.
/// </remarks>
public sealed class ExtractionOptions
{
    /// <summary>Whether facts are distilled where a chat client is registered.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The key of the <c>IChatClient</c> among the services; <see langword="null"/> takes the one that is registered without a key.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? ServiceKey { get; set; }

    /// <summary>The most turns of one call of the model, and how many are waited for at most: 1 to 200.</summary>
    /// <value>Default: 20.</value>
    [Range(1, 200, ErrorMessage = "ExtractionOptions.BatchTurns must be 1 to 200.")]
    public int BatchTurns { get; set; } = 20;

    /// <summary>
    /// The most bytes (UTF-8) of the texts of the turns of one call, 1 KiB to 1 MiB. A longer turn goes alone, cut to it.
    /// </summary>
    /// <value>Default: 32 KiB.</value>
    [Range(1_024, 1_048_576, ErrorMessage = "ExtractionOptions.MaxBatchBytes must be 1024 to 1048576.")]
    public int MaxBatchBytes { get; set; } = 32 * 1024;

    /// <summary>How long after a recording its turns wait for more of their scope, 0 to 1 hour.</summary>
    /// <value>Default: 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "ExtractionOptions.Delay must be 0 to 1 hour.")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most changes of facts that one reply may make, 1 to 200; what it says beyond them is left out.</summary>
    /// <value>Default: 40.</value>
    [Range(1, 200, ErrorMessage = "ExtractionOptions.MaxChanges must be 1 to 200.")]
    public int MaxChanges { get; set; } = 40;

    /// <summary>
    /// The most bytes (UTF-8) of a distilled fact, 64 to 16,384; a longer one is left out. Longer known facts are not shown to the model.
    /// </summary>
    /// <value>Default: 1,024.</value>
    [Range(64, 16_384, ErrorMessage = "ExtractionOptions.MaxFactBytes must be 64 to 16384.")]
    public int MaxFactBytes { get; set; } = 1_024;

    /// <summary>The most known facts of the scope that the model is shown, and so the most that it can change: 0 to 500.</summary>
    /// <value>Default: 60.</value>
    [Range(0, 500, ErrorMessage = "ExtractionOptions.KnownFacts must be 0 to 500.")]
    public int KnownFacts { get; set; } = 60;

    /// <summary>
    /// How often turns are tried when the model's replies cannot be read, each time half of them, before those are left without facts: 1 to
    /// 10.
    /// </summary>
    /// <value>Default: 3.</value>
    [Range(1, 10, ErrorMessage = "ExtractionOptions.MaxAttempts must be 1 to 10.")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>The longest that one call of the model may take, 1 second to 30 minutes.</summary>
    /// <value>Default: 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00", ErrorMessage = "ExtractionOptions.Timeout must be 1 second to 30 minutes.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The pause after a call that failed, doubled each time up to <see cref="MaxRetryDelay"/>: 1 millisecond to 1 hour.</summary>
    /// <value>Default: 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "01:00:00", ErrorMessage = "ExtractionOptions.RetryDelay must be 1 ms to 1 hour.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two calls that fail, at least <see cref="RetryDelay"/>, at most 1 day.</summary>
    /// <value>Default: 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "1.00:00:00", ErrorMessage = "ExtractionOptions.MaxRetryDelay must be 1 ms to 1 day.")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after its recording a turn that no call succeeds with is still tried, 1 minute to 365 days; then it is left without facts.
    /// It stays recorded.
    /// </summary>
    /// <value>Default: 7 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "ExtractionOptions.GiveUpAfter must be 1 minute to 365 days.")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How often each silo looks for scopes whose turns were left waiting, for instance by a silo that ended: 1 second to 1 day.
    /// </summary>
    /// <value>Default: 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "ExtractionOptions.SweepInterval must be 1 second to 1 day.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many calls of the model one silo makes at the same time, 1 to 256.</summary>
    /// <value>Default: 4.</value>
    [Range(1, 256, ErrorMessage = "ExtractionOptions.ConcurrentCalls must be 1 to 256.")]
    public int ConcurrentCalls { get; set; } = 4;
}
