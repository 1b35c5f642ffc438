using Microsoft.Extensions.AI;

namespace OrleansMemory.Client;

/// <summary>A stored message as a chat message, with its place in the log.</summary>
/// <param name="Sequence">The position in the log, counted from 1 without gaps.</param>
/// <param name="Message">The message.</param>
public sealed record ConversationMessage(long Sequence, ChatMessage Message);

/// <summary>One page of chat messages.</summary>
/// <param name="Messages">The messages, in the order that was asked for.</param>
/// <param name="Next">
/// Where the next page starts: pass it as <c>After</c> when reading goes forward, else as <c>Before</c>. <see langword="null"/> when
/// nothing is left.
/// </param>
public sealed record ConversationPage(IReadOnlyList<ConversationMessage> Messages, long? Next);
