using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>All settings of a conversation; what is left out or null is cleared.</summary>
internal sealed record SettingsBody
{
    /// <summary>The user it belongs to, up to 256 bytes.</summary>
    public string? UserId { get; init; }

    /// <summary>The agent it belongs to, up to 256 bytes.</summary>
    public string? AgentId { get; init; }

    /// <summary>A title for people, up to 1,024 bytes.</summary>
    public string? Title { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>How long it lives; null: it does not expire.</summary>
    public TimeToLiveDocument? Ttl { get; init; }

    /// <summary>Reads settings.</summary>
    /// <param name="root">The body.</param>
    /// <returns>The change that sets them all.</returns>
    /// <exception cref="InvalidRequestException">A field is unknown or not of its kind.</exception>
    public static SettingsChange Read(JsonElement root) => SettingsChange.Replace(SettingsDocument.Read(root, string.Empty));
}

/// <summary>Drops all but the newest messages.</summary>
/// <param name="KeepLast">How many to keep at least; more are kept where a tool call would lose its result.</param>
internal sealed record TruncateBody(int KeepLast)
{
    /// <summary>Reads it.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static TruncateBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(root, string.Empty, "keepLast");
        return new TruncateBody(ToCount(body.RequiredInteger("keepLast"), "keepLast")!.Value);
    }

    /// <summary>A count of messages.</summary>
    /// <param name="count">The number as it came.</param>
    /// <param name="parameter">What to name in an error.</param>
    /// <exception cref="InvalidRequestException">It is negative or too large.</exception>
    public static int? ToCount(long? count, string parameter) =>
        count is null or (>= 0 and <= int.MaxValue)
            ? (int?)count
            : throw new InvalidRequestException(parameter, "A count of messages is 0 to 2,147,483,647.");
}

/// <summary>Makes a conversation that shares this one's messages.</summary>
internal sealed record ForkBody
{
    /// <summary>The id of the fork.</summary>
    public required string NewId { get; init; }

    /// <summary>The newest sequence to share; left out, all there are.</summary>
    public long? AtSequence { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static ForkBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(root, string.Empty, "newId", "atSequence");
        string newId = body.RequiredText("newId");
        try
        {
            ConversationKey.Create("any", newId);
        }
        catch (InvalidRequestException failure)
        {
            throw new InvalidRequestException("newId", failure.Message);
        }

        return new ForkBody { NewId = newId, AtSequence = body.Integer("atSequence") };
    }
}
