namespace OrleansMemory.Conversations;

/// <summary>The roles a message may have: those of Microsoft.Extensions.AI's <c>ChatRole</c>, compared ordinally.</summary>
public static class MessageRoles
{
    /// <summary>Instructions to the model.</summary>
    public const string System = "system";

    /// <summary>The person, or the program that speaks for them.</summary>
    public const string User = "user";

    /// <summary>The model.</summary>
    public const string Assistant = "assistant";

    /// <summary>The result of a tool call.</summary>
    public const string Tool = "tool";

    /// <summary>Whether <paramref name="role"/> is one of the four.</summary>
    /// <param name="role">The role to look at; <see langword="null"/> is none of them.</param>
    /// <returns>Whether a message may have this role.</returns>
    public static bool IsKnown(string? role) => role is User or Assistant or System or Tool;
}
