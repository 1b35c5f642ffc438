using System.Collections.Immutable;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>The names of memory types, as they stand in keys and paths.</summary>
public static class ConversationMemoryTypes
{
    private const string Working = "WORKING_MEMORY";
    private const string ShortTerm = "SHORT_TERM_MEMORY";
    private const string LongTerm = "LONG_TERM_MEMORY";

    /// <summary>All types.</summary>
    public static ImmutableArray<ConversationMemoryType> All { get; } =
    [ConversationMemoryType.WorkingMemory, ConversationMemoryType.ShortTermMemory, ConversationMemoryType.LongTermMemory];

    /// <summary>The name of a type, in upper case.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name, such as <c>WORKING_MEMORY</c>.</returns>
    /// <exception cref="InvalidRequestException">There is no such type.</exception>
    public static string ToName(this ConversationMemoryType type) =>
        type switch
        {
            ConversationMemoryType.WorkingMemory => Working,
            ConversationMemoryType.ShortTermMemory => ShortTerm,
            ConversationMemoryType.LongTermMemory => LongTerm,
            _ => throw Unknown(),
        };

    /// <summary>The type of a name.</summary>
    /// <param name="name">The name, in upper or lower case.</param>
    /// <returns>The type.</returns>
    /// <exception cref="InvalidRequestException">There is no type of this name.</exception>
    public static ConversationMemoryType Parse(string name)
    {
        foreach (ConversationMemoryType type in All)
        {
            if (type.ToName().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return type;
            }
        }

        throw Unknown();
    }

    /// <summary>The key that a memory is known by: <c>memory:{TYPE}:{conversation id}</c>.</summary>
    /// <param name="type">The type.</param>
    /// <param name="conversationId">The conversation.</param>
    /// <returns>The key.</returns>
    public static string ToKey(this ConversationMemoryType type, string conversationId) => $"memory:{type.ToName()}:{conversationId}";

    private static InvalidRequestException Unknown() => new("type", $"A memory type is {Working}, {ShortTerm} or {LongTerm}.");
}
