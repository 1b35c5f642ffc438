namespace OrleansMemory.Client.Summaries;

/// <summary>Makes summaries of what has fallen out of a window.</summary>
/// <remarks>
/// It is called after a run has been committed and its response returned, for several conversations at once, and at most once at a time for
/// one conversation and client. What it
/// throws is logged by its type and loses nothing: a later run tries again.
/// </remarks>
public interface IConversationSummarizer
{
    /// <summary>Summarises.</summary>
    /// <param name="request">The summary before, and what has come since.</param>
    /// <param name="cancellationToken">Ends the wait when the client is disposed of.</param>
    /// <returns>The text that stands for the previous summary and the messages together; <see langword="null"/> or blank stores
    /// nothing.</returns>
    Task<string?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken);
}
