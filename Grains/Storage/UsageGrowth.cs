namespace OrleansMemory.Grains.Storage;

/// <summary>What turns of a tenant have added. Negative where more was removed than added.</summary>
/// <param name="Amount">How much.</param>
internal readonly record struct UsageGrowth(string Tenant, UsageAmount Amount);

/// <summary>An amount of usage.</summary>
/// <param name="Messages">Messages that they show.</param>
/// <param name="Bytes">Bytes of messages and entries.</param>
/// <param name="Memories">Long-term memories.</param>
/// <param name="Turns">Turns that were committed.</param>
/// <param name="Appended">Messages that they appended.</param>
internal readonly record struct UsageAmount(
    long Conversations = 0,
    long Messages = 0,
    long Bytes = 0,
    long Memories = 0,
    long MemoryBytes = 0,
    long Turns = 0,
    long Appended = 0,
    long AppendedBytes = 0
)
{
    public static UsageAmount operator +(UsageAmount one, UsageAmount other) =>
        new(
            one.Conversations + other.Conversations,
            one.Messages + other.Messages,
            one.Bytes + other.Bytes,
            one.Memories + other.Memories,
            one.MemoryBytes + other.MemoryBytes,
            one.Turns + other.Turns,
            one.Appended + other.Appended,
            one.AppendedBytes + other.AppendedBytes
        );

    public static UsageAmount operator -(UsageAmount one, UsageAmount other) =>
        one
        + new UsageAmount(
            -other.Conversations,
            -other.Messages,
            -other.Bytes,
            -other.Memories,
            -other.MemoryBytes,
            -other.Turns,
            -other.Appended,
            -other.AppendedBytes
        );
}
