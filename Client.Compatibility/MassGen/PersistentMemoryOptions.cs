using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>What is special about a <see cref="PersistentMemory"/>. It is read once.</summary>
public sealed class PersistentMemoryOptions
{
    /// <summary>The tenant of the memories.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant. The rules are those of <see cref="ConversationKey"/>.</value>
    public string? Tenant { get; set; }

    /// <summary>How long what is recorded and saved lives, more than zero.</summary>
    /// <value>Default: <see langword="null"/>, as long as the grains' <c>MemoryOptions.DefaultTimeToLive</c> says.</value>
    public TimeSpan? TimeToLive { get; set; }
}
