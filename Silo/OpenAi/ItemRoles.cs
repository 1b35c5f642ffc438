using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>The roles of items of type message, and the roles under which such messages are stored.</summary>
internal static class ItemRoles
{
    public const string Assistant = "assistant";

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<string> All =
    [
        "user",
        Assistant,
        "system",
        "developer",
        "tool",
        "critic",
        "discriminator",
        "unknown",
    ];

    /// <summary>The role that is stored.</summary>
    /// <returns>One of <see cref="MessageRoles"/>.</returns>
    public static string ToStored(string role) =>
        role switch
        {
            "user" => MessageRoles.User,
            "system" or "developer" => MessageRoles.System,
            "tool" => MessageRoles.Tool,
            _ => MessageRoles.Assistant,
        };
}
