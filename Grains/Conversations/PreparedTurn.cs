using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>A turn that passed validation, with all that can be known before the conversation is looked at.</summary>
/// <param name="Turn">The turn as the caller gave it.</param>
/// <param name="PayloadHash">The SHA-256 of its payload.</param>
/// <param name="Messages">Its messages, measured.</param>
internal sealed record PreparedTurn(Turn Turn, byte[] PayloadHash, ImmutableArray<PreparedMessage> Messages)
{
    /// <summary>The ids that no message may have, each once; empty where the turn does not ask for any.</summary>
    public string[] AbsentIds { get; init; } = [];
}

/// <summary>A message that passed validation.</summary>
/// <param name="Bytes">The bytes of its contents and metadata, in UTF-8.</param>
/// <param name="Tools">Its tool calls and results.</param>
internal readonly record struct PreparedMessage(NewMessage Message, int Bytes, ToolLinks? Tools);
