using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>Reads which names the memories of a scope must not have.</summary>
internal static class ScopeFields
{
    /// <summary>The names that memories must not have.</summary>
    /// <returns>agent, user and session, as far as they are named.</returns>
    /// <exception cref="InvalidRequestException">It is no list of these.</exception>
    public static IReadOnlyList<string> Without(StrictObject body) => [.. body.Items("without").Select(item => Known(item.Element, item.Path))];

    /// <summary>The names that memories must not have.</summary>
    /// <param name="names">agent, user and session, as far as they are named.</param>
    /// <returns>The same as flags.</returns>
    public static ScopeNames ToFlags(IEnumerable<string> names) => names.Aggregate(ScopeNames.None, (flags, name) => flags | FlagOf(name));

    private static string Known(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String && JsonText.Read(element) is var name && FlagOf(name) != ScopeNames.None
            ? name
            : throw new InvalidRequestException(path, "agent, user or session is expected here.");

    private static ScopeNames FlagOf(string name) => name switch
    {
        "agent" => ScopeNames.Agent,
        "user" => ScopeNames.User,
        "session" => ScopeNames.Session,
        _ => ScopeNames.None,
    };
}
