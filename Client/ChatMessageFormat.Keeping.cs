using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

public sealed partial class ChatMessageFormat
{
    private const string Developer = "developer";

    /// <summary>The role that a message is stored with.</summary>
    /// <returns>One of <see cref="MessageRoles"/> where there is one for it, else the role as it is; and the role it came with, where
    /// another one stands for it.</returns>
    internal static (string Role, string? Original) StoredRole(ChatRole role)
    {
        if (role == ChatRole.User)
        {
            return (MessageRoles.User, null);
        }

        if (role == ChatRole.Assistant)
        {
            return (MessageRoles.Assistant, null);
        }

        if (role == ChatRole.Tool)
        {
            return (MessageRoles.Tool, null);
        }

        if (role == ChatRole.System)
        {
            return (MessageRoles.System, null);
        }

        return string.Equals(role.Value, Developer, StringComparison.OrdinalIgnoreCase)
            ? (MessageRoles.System, role.Value)
            : (role.Value ?? string.Empty, null);
    }

    /// <summary>Writes contents, if they can be written and read again.</summary>
    internal bool TryWrite(IReadOnlyCollection<AIContent> contents, [NotNullWhen(true)] out string? json)
    {
        json = null;
        if (contents.Any(content => content is null || content.GetType() == typeof(AIContent)))
        {
            return false;
        }

        try
        {
            string written = JsonSerializer.Serialize([.. contents], _contents);
            JsonSerializer.Deserialize(written, _contents);
            json = written;
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Properties of foreign types may throw anything.
            return false;
        }
    }

    /// <summary>Reads contents.</summary>
    /// <param name="json">The JSON of a list of contents.</param>
    internal IList<AIContent> ReadContents(string json) => JsonSerializer.Deserialize(json, _contents) ?? [];

    /// <summary>Writes extra properties, if they can be written and read again.</summary>
    internal bool TryWrite(AdditionalPropertiesDictionary properties, [NotNullWhen(true)] out string? json)
    {
        json = null;
        try
        {
            string written = JsonSerializer.Serialize(properties, _properties);
            JsonSerializer.Deserialize(written, _properties);
            json = written;
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }
    }

    private string? WriteProperties(AdditionalPropertiesDictionary? properties, string? originalRole)
    {
        AdditionalPropertiesDictionary? written = properties is { Count: > 0 } ? properties : null;
        if (originalRole is not null)
        {
            written = written?.Clone() ?? [];
            written[OriginalRoleProperty] = originalRole;
        }

        return written is null ? null : JsonSerializer.Serialize(written, _properties);
    }
}
