using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Summaries;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>How <see cref="ConversationChatClient"/> runs.</summary>
public sealed class ConversationChatClientOptions
{
    /// <summary>The conversation of runs whose <see cref="ChatOptions.ConversationId"/> is not set.</summary>
    /// <value>Default: <see langword="null"/>; every run must then name its conversation. The rules are those of <see
    /// cref="ConversationKey"/>.</value>
    public string? ConversationId { get; set; }

    /// <summary>The tenant of the conversations.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant. The rules are those of <see cref="ConversationKey"/>.</value>
    public string? Tenant { get; set; }

    /// <summary>How much of the history goes to the model. The run's input and its context count first.</summary>
    /// <value>Default: a window with the default options.</value>
    [Required]
    public ConversationWindow Window { get; set; } = new();

    /// <summary>
    /// Tells input from context. What it is <see langword="false"/> for, such as memories that an outer layer found, is sent to the model
    /// between the history and the input, counts in the window, and is not stored.
    /// </summary>
    /// <value>Default: <see langword="null"/>: every message of a call is input.</value>
    public Func<ChatMessage, bool>? IsStored { get; set; }

    /// <summary>The settings that a conversation has when a run begins it: its user, its time to live.</summary>
    /// <value>Default: <see langword="null"/>, none but the tenant's own.</value>
    public ConversationSettings? NewConversation { get; set; }

    /// <summary>
    /// Told, once the turn is durable, of everything in the model's answer that could not be stored as it came and was stored otherwise:
    /// ids, roles, contents that only their provider can write, contents that are too large. The caller's response has the contents as they
    /// came. What it throws is logged by its type.
    /// </summary>
    /// <value>Default: <see langword="null"/>; the changes are logged all the same, by kind and type.</value>
    public Action<AnswerChange>? AnswerChanged { get; set; }

    /// <summary>
    /// Told, once the turn is durable, of what the run had staged and what was refused with the turn: entries that others left no room for
    /// meanwhile, or that are over a limit that was lowered since. The turn is stored without it, because the answer was paid for. What it
    /// throws is logged by its type.
    /// </summary>
    /// <value>Default: <see langword="null"/>; the refusals are logged all the same, by kind and number.</value>
    public Action<RefusedStaging>? StagingRefused { get; set; }

    /// <summary>What is stored of a run that does not come to its end after the model was called.</summary>
    /// <value>Default: <see cref="Runs.StoredOnFailure.Nothing"/>.</value>
    [EnumDataType(typeof(StoredOnFailure))]
    public StoredOnFailure StoredOnFailure { get; set; }

    /// <summary>
    /// Whether a run is refused with <see cref="VersionConflictException"/>, and nothing of it stored, when messages were appended or
    /// dropped after it read its window.
    /// </summary>
    /// <value>Default: <see langword="false"/>: runs of one conversation at the same time are all stored, one after the other, in the order
    /// in which they end.</value>
    public bool RequireUnchangedLog { get; set; }

    /// <summary>Summarises what falls out of the window; the summary is then given to the model.</summary>
    /// <value>Default: <see langword="null"/>: summaries are neither made nor used.</value>
    public IConversationSummarizer? Summarizer { get; set; }

    /// <summary>How many messages must have fallen out of the window before the next summary is made.</summary>
    /// <value>Default: 20. Range: 1 to 200.</value>
    [Range(1, SummaryWriter.MostMessages)]
    public int SummarizeAfterMessages { get; set; } = 20;
}
