using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>A page of a feed.</summary>
/// <param name="Messages">Its messages, one or more, without a gap.</param>
/// <param name="EndsIn">
/// The round in which it reached the end of the log: what it does not have was appended later. 0 where it did not reach the end.
/// </param>
internal sealed record FeedPage(ImmutableArray<Message> Messages, long EndsIn);
