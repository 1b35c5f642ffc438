using System.Collections.Immutable;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What a turn leaves of the log before it appends.</summary>
/// <param name="First">Where the log starts from then on.</param>
/// <param name="Rewritten">The messages that are written again at its end, still with their old sequences.</param>
internal readonly record struct LogCut(long First, ImmutableArray<MessageRow> Rewritten);
