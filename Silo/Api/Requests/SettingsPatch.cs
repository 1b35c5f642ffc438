using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// A merge patch of a conversation's settings (RFC 7396): what is left out stays as it is, <see langword="null"/> clears, and the caller's
/// own properties are merged by name at every depth.
/// </summary>
internal sealed class SettingsPatch
{
    // Others may write all the time; whoever is overtaken so often is told.
    private const int MaxAttempts = 16;

    // What is stored may be nested 64 levels deep; the grain says what is too deep.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = JsonScan.MaxDepth };

    private readonly SettingsChange _change;
    private readonly JsonElement? _metadata;
    private readonly string _fingerprint;

    private SettingsPatch(SettingsChange change, JsonElement? metadata, string fingerprint)
    {
        _change = change;
        _metadata = metadata;
        _fingerprint = fingerprint;
    }

    /// <summary>Reads a patch.</summary>
    /// <param name="root">The body.</param>
    /// <returns>The patch; it reads from the body until it is committed.</returns>
    /// <exception cref="InvalidRequestException">It is empty, or a field is unknown or not of its kind.</exception>
    public static SettingsPatch Read(JsonElement root)
    {
        Dictionary<string, JsonElement> given = StrictObject.ReadMap(root, string.Empty);
        ConversationSettings values = SettingsDocument.Read(root, string.Empty);
        SettingsFields fields = given.Keys.Aggregate(SettingsFields.None, static (all, name) => all | FieldOf(name));
        if (fields == SettingsFields.None)
        {
            throw new InvalidRequestException(
                "body",
                "The patch is empty. It names at least one of userId, agentId, title, metadata, ttl."
            );
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(root.GetRawText()));
        return new SettingsPatch(
            new SettingsChange { Values = values, Fields = fields },
            values.Metadata is null ? null : given["metadata"],
            "settings-patch:" + Convert.ToHexStringLower(hash)
        );
    }

    /// <summary>Commits the patch onto what the settings are by then.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="expectedVersion">The version that the caller saw; <see langword="null"/> patches whatever is there.</param>
    /// <exception cref="ConversationNotFoundException">There is no such conversation.</exception>
    /// <exception cref="VersionConflictException">It is at another version.</exception>
    public async Task<TurnReceipt> CommitAsync(
        Conversation conversation,
        string turnId,
        long? expectedVersion,
        CancellationToken cancellationToken
    )
    {
        for (int attempt = 1; ; attempt++)
        {
            SettingsChange change = _change;
            long? version = expectedVersion;
            if (_metadata is { } metadata)
            {
                Head head = await conversation.GetHeadAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);
                change = _change with { Values = _change.Values with { Metadata = Merge(head.Settings.Metadata, metadata) } };
                version ??= head.Version;
            }

            try
            {
                return await conversation.CommitAsync(
                    new Turn
                    {
                        TurnId = turnId,
                        ExpectedVersion = version,
                        MustExist = true,
                        Settings = change,
                        Fingerprint = _fingerprint,
                    },
                    cancellationToken
                );
            }
            catch (VersionConflictException) when (expectedVersion is null && attempt < MaxAttempts)
            {
                // A turn came in between: what it has set is merged into.
            }
        }
    }

    private static SettingsFields FieldOf(string name) =>
        name switch
        {
            "userId" => SettingsFields.UserId,
            "agentId" => SettingsFields.AgentId,
            "title" => SettingsFields.Title,
            "metadata" => SettingsFields.Metadata,
            _ => SettingsFields.TimeToLive,
        };

    private static string Merge(string? current, JsonElement patch)
    {
        JsonElement? target = current is null ? null : JsonElement.Parse(current, Deep);
        return WrittenJson.Of((target, patch), static (writer, state) => MergeInto(writer, state.target, state.patch)).GetRawText();
    }

    // Names and values are copied as they were written: a surrogate without a partner, which no string of System.Text.Json's can hold,
    // among them.
    private static void MergeInto(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        OrderedDictionary<string, JsonElement> changes = Properties(patch);
        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in target is { ValueKind: JsonValueKind.Object } known ? Properties(known) : [])
        {
            if (changes.Remove(name, out JsonElement change))
            {
                WriteChange(writer, name, value, change);
            }
            else
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }
        }

        foreach ((string name, JsonElement change) in changes)
        {
            WriteChange(writer, name, null, change);
        }

        writer.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter writer, string name, JsonElement? current, JsonElement change)
    {
        if (change.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        writer.WritePropertyName(name);
        if (change.ValueKind == JsonValueKind.Object)
        {
            MergeInto(writer, current, change);
        }
        else
        {
            writer.WriteRawValue(change.GetRawText(), skipInputValidation: true);
        }
    }

    private static OrderedDictionary<string, JsonElement> Properties(JsonElement element)
    {
        var properties = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            properties[JsonText.ReadName(property)] = property.Value;
        }

        return properties;
    }
}
