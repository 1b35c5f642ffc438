using System.Text.Json.Serialization;

namespace OrleansMemory.Cli.Transfer;

/// <summary>How much of each kind.</summary>
internal sealed record TransferCounts(
    [property: JsonPropertyName("conversations")] long Conversations = 0,
    [property: JsonPropertyName("messages")] long Messages = 0,
    [property: JsonPropertyName("entries")] long Entries = 0,
    [property: JsonPropertyName("memories")] long Memories = 0
)
{
    public static TransferCounts operator +(TransferCounts left, TransferCounts right) =>
        new(
            left.Conversations + right.Conversations,
            left.Messages + right.Messages,
            left.Entries + right.Entries,
            left.Memories + right.Memories
        );
}
