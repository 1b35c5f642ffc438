using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Client.Windows;

/// <summary>How much of a conversation goes to a model. Every bound that is given holds; without any the whole log is read and
/// sent.</summary>
public sealed class ConversationWindowOptions
{
    /// <summary>How many messages at most, system messages included.</summary>
    /// <value>Default: <see langword="null"/>, no bound. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int? MaxMessages { get; set; }

    /// <summary>How many tokens at most, as <see cref="CountTokens"/> counts them. Instructions and tools of a call are not counted: leave
    /// room.</summary>
    /// <value>Default: 64,000. Range: 1 to 1,000,000,000; <see langword="null"/> sets no bound.</value>
    [Range(1, 1_000_000_000)]
    public int? MaxTokens { get; set; } = 64_000;

    /// <summary>How many bytes of UTF-8 at most: texts, names, ids, arguments, results, and data in Base64.</summary>
    /// <value>Default: <see langword="null"/>, no bound. Range: 1 to 9,223,372,036,854,775,807.</value>
    [Range(1, long.MaxValue)]
    public long? MaxBytes { get; set; }

    /// <summary>
    /// Counts the tokens of a text; called from many threads at once. The overhead of messages, and images, are added by the window in
    /// either case: see
    /// <see cref="TokenEstimate"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>, which takes <see cref="TokenEstimate.Of(string)"/>.</value>
    public Func<string, int>? CountTokens { get; set; }
}
