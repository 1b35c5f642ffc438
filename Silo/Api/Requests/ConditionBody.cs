using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// A condition of a turn. It names one thing: a user global, a part of the MemoryObject, an entry of a session namespace by namespace and
/// key, or a message id.
/// </summary>
internal sealed record ConditionBody
{
    /// <summary>entryExists, entryAbsent, entryHasValue or messageAbsent.</summary>
    public required string Kind { get; init; }

    /// <summary>The user global.</summary>
    public string? Global { get; init; }

    /// <summary>The top-level part of the MemoryObject.</summary>
    public string? Object { get; init; }

    /// <summary>The session namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>The key in the session namespace.</summary>
    public string? Key { get; init; }

    /// <summary>With entryHasValue: the value, any JSON. Order of properties, white space and the form of numbers do not matter.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Value { get; init; }

    /// <summary>With messageAbsent: the id that no message of the log may have.</summary>
    public string? MessageId { get; init; }

    /// <summary>Reads a condition.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing, too much or not of its kind.</exception>
    public static ConditionBody Read(JsonElement element, string path)
    {
        StrictObject body = StrictObject.Read(element, path, "kind", "global", "object", "namespace", "key", "value", "messageId");
        var condition = new ConditionBody
        {
            Kind = body.RequiredText("kind"),
            Global = body.Text("global"),
            Object = body.Text("object"),
            Namespace = body.Text("namespace"),
            Key = body.Text("key"),
            Value = body.TryGetAny("value", out JsonElement value) ? value.GetRawText() : null,
            MessageId = body.Text("messageId"),
        };
        condition.Check(body);
        return condition;
    }

    /// <summary>The condition of the turn.</summary>
    public TurnCondition ToCondition() =>
        new()
        {
            Kind = Kinds[Kind],
            Space =
                Global is not null ? EntrySpaces.Globals
                : Object is not null ? EntrySpaces.MemoryObject
                : Namespace is not null ? EntrySpaces.Session(Namespace)
                : null,
            Key = Global ?? Object ?? Key,
            Value = Value,
            MessageId = MessageId,
        };

    private static readonly Dictionary<string, TurnConditionKind> Kinds = new(StringComparer.Ordinal)
    {
        ["entryExists"] = TurnConditionKind.EntryExists,
        ["entryAbsent"] = TurnConditionKind.EntryAbsent,
        ["entryHasValue"] = TurnConditionKind.EntryHasValue,
        ["messageAbsent"] = TurnConditionKind.MessageAbsent,
    };

    private void Check(StrictObject body)
    {
        if (!Kinds.TryGetValue(Kind, out TurnConditionKind kind))
        {
            throw new InvalidRequestException(body.PathOf("kind"), $"A kind is one of {string.Join(", ", Kinds.Keys)}.");
        }

        int named = new[] { Global, Object, Namespace, MessageId }.Count(name => name is not null);
        if (named != 1 || (MessageId is not null) != (kind == TurnConditionKind.MessageAbsent))
        {
            throw new InvalidRequestException(
                body.PathOf("kind"),
                "A condition names one thing: \"messageId\" with messageAbsent, else \"global\", \"object\", or \"namespace\" with \"key\"."
            );
        }

        if ((Namespace is not null) != (Key is not null) || Namespace?.Length == 0)
        {
            throw new InvalidRequestException(body.PathOf("namespace"), "\"namespace\", not empty, and \"key\" stand together.");
        }

        if ((Value is not null) != (kind == TurnConditionKind.EntryHasValue))
        {
            throw new InvalidRequestException(body.PathOf("value"), "\"value\" stands with entryHasValue and only there.");
        }
    }
}
