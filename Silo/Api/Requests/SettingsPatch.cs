using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// A merge patch of a conversation's settings (RFC 7396): what is left out stays as it is, <see langword="null"/> clears, and the caller's own properties are merged by
/// name at every depth.
/// </summary>
internal sealed class SettingsPatch
{
    // Others may write all the time; whoever is overtaken so often is told.
    private const int MaxAttempts = 16;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            throw new InvalidRequestException("body", "The patch is empty. It names at least one of userId, agentId, title, metadata, ttl.");
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(root.GetRawText()));
        return new SettingsPatch(
            new SettingsChange { Values = values, Fields = fields },
            values.Metadata is null ? null : given["metadata"],
            "settings-patch:" + Convert.ToHexStringLower(hash));
    }

    /// <summary>Commits the patch onto what the settings are by then.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="expectedVersion">The version that the caller saw; <see langword="null"/> patches whatever is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation.</exception>
    /// <exception cref="VersionConflictException">It is at another version.</exception>
    public async Task<TurnReceipt> CommitAsync(Conversation conversation, string turnId, long? expectedVersion, CancellationToken cancellationToken)
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
                    new Turn { TurnId = turnId, ExpectedVersion = version, MustExist = true, Settings = change, Fingerprint = _fingerprint }, cancellationToken);
            }
            catch (VersionConflictException) when (expectedVersion is null && attempt < MaxAttempts)
            {
                // A turn came in between: what it has set is merged into.
            }
        }
    }

    private static SettingsFields FieldOf(string name) => name switch
    {
        "userId" => SettingsFields.UserId,
        "agentId" => SettingsFields.AgentId,
        "title" => SettingsFields.Title,
        "metadata" => SettingsFields.Metadata,
        _ => SettingsFields.TimeToLive,
    };

    private static string Merge(string? current, JsonElement patch)
    {
        JsonObject target = current is null ? [] : JsonNode.Parse(current)!.AsObject();
        MergeInto(target, patch);
        return target.ToJsonString(AsWritten);
    }

    private static void MergeInto(JsonObject target, JsonElement patch)
    {
        foreach (JsonProperty change in patch.EnumerateObject())
        {
            if (change.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(change.Name);
            }
            else if (change.Value.ValueKind == JsonValueKind.Object)
            {
                if (target[change.Name] is not JsonObject)
                {
                    target[change.Name] = new JsonObject();
                }

                MergeInto(target[change.Name]!.AsObject(), change.Value);
            }
            else
            {
                target[change.Name] = JsonNode.Parse(change.Value.GetRawText());
            }
        }
    }
}
