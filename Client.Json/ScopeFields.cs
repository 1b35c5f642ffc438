using System.Text.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Reads the names of a scope. A name may be left out, and is never null: a caller that sends null has lost a name, and would be shown more
/// than was meant, without a user even what all users have.
/// </summary>
public static class ScopeFields
{
    /// <summary>What a question is told that has lost a name.</summary>
    public const string OfRecall = "for all of them, or ask by \"without\" for memories that were recorded without one.";

    /// <summary>What a recording is told that has lost a name.</summary>
    public const string OfRecording = "to record for none.";

    /// <summary>What a list is told that has lost a name.</summary>
    public const string OfList = "for all of them.";

    /// <summary>A name of a scope.</summary>
    /// <param name="body">Where it stands.</param>
    /// <param name="name">agent, user or session.</param>
    /// <param name="leftOut">What it means to leave it out: the end of the sentence "Leave it out …".</param>
    /// <returns>The name; <see langword="null"/> when the field is left out.</returns>
    /// <exception cref="InvalidRequestException">It is null, or no text.</exception>
    public static string? Name(StrictObject body, string name, string leftOut) =>
        body.TryGetAny(name, out JsonElement value) && value.ValueKind == JsonValueKind.Null
            ? throw new InvalidRequestException(body.PathOf(name), $"null was sent here, and names no {name}. Leave {name} out {leftOut}")
            : body.Text(name);

    /// <summary>The names that memories must not have.</summary>
    /// <param name="body">Where the list stands.</param>
    /// <returns>agent, user and session, as far as they are named.</returns>
    /// <exception cref="InvalidRequestException">It is no list of these.</exception>
    public static IReadOnlyList<string> Without(StrictObject body) =>
        [.. body.Items("without").Select(item => Known(item.Element, item.Path))];

    /// <summary>The names that memories must not have.</summary>
    /// <param name="names">agent, user and session, as far as they are named.</param>
    /// <returns>The same as flags.</returns>
    public static ScopeNames ToFlags(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Aggregate(ScopeNames.None, static (flags, name) => flags | FlagOf(name));
    }

    private static string Known(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String && JsonText.Read(element) is var name && FlagOf(name) != ScopeNames.None
            ? name
            : throw new InvalidRequestException(path, "agent, user or session is expected here.");

    private static ScopeNames FlagOf(string name) =>
        name switch
        {
            "agent" => ScopeNames.Agent,
            "user" => ScopeNames.User,
            "session" => ScopeNames.Session,
            _ => ScopeNames.None,
        };
}
