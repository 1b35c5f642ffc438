using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client.Summaries;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>What all runs of one decorator share. Options are read once.</summary>
/// <param name="Window">How much of the history goes to the model.</param>
/// <param name="IsStored">Which messages of a call are input; <see langword="null"/> for all.</param>
/// <param name="NewConversation">Settings that a conversation begins with; <see langword="null"/> for none.</param>
/// <param name="StoredOnFailure">What is stored of a stream that does not come to its end.</param>
/// <param name="RequireUnchangedLog">Whether a run loses against messages that were appended meanwhile.</param>
/// <param name="Summaries">Makes summaries; <see langword="null"/> when none are made or used.</param>
/// <param name="AnswerChanged">Told of what was stored otherwise than it came; <see langword="null"/> when no one is.</param>
/// <param name="StagingRefused">Told of what was staged and not stored; <see langword="null"/> when no one is.</param>
/// <param name="Logger">Where failures are logged by their types.</param>
internal sealed record RunServices(
    ConversationClient Client,
    ConversationWindow Window,
    Func<ChatMessage, bool>? IsStored,
    ConversationSettings? NewConversation,
    StoredOnFailure StoredOnFailure,
    bool RequireUnchangedLog,
    SummaryTasks? Summaries,
    Action<AnswerChange>? AnswerChanged,
    Action<RefusedStaging>? StagingRefused,
    ILogger Logger
);
