using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Whether two messages say the same: their roles, texts, data by their bytes, addresses, and the ids of their calls, results and
/// approvals. Where a text is split, what a model reasoned, usage, names and extra properties do not count, because front ends do not keep
/// them; nor do arguments and results, because a tool's first answer counts.
/// </summary>
/// <param name="format">How contents are written.</param>
internal sealed class Substance(ChatMessageFormat format)
{
    /// <summary>Compares a message with a stored one.</summary>
    /// <returns>Whether it is the same. One that was stored otherwise than it came is known by its role and calls.</returns>
    public bool IsSame(ChatMessage stored, ChatMessage given)
    {
        if (!HasRole(stored, given.Role) || !Uses(stored).SequenceEqual(Uses(given)))
        {
            return false;
        }

        bool isChanged = stored.Contents.Any(content =>
            content.AdditionalProperties?.ContainsKey(ChatMessageFormat.PlaceholderProperty) is true
        );
        return isChanged || Parts(stored).SequenceEqual(Parts(given), StringComparer.Ordinal);
    }

    private static bool HasRole(ChatMessage stored, ChatRole role)
    {
        if (stored.Role == role || string.Equals(stored.Role.Value, ChatMessageFormat.StoredRole(role).Role, StringComparison.Ordinal))
        {
            return true;
        }

        object? original = null;
        return stored.AdditionalProperties?.TryGetValue(ChatMessageFormat.OriginalRoleProperty, out original) is true
            && string.Equals(original?.ToString(), role.Value, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<(bool IsResult, string Id)> Uses(ChatMessage message) =>
        ToolUse.In(message.Contents).Select(use => (use.Kind == ToolUseKind.Result, use.Id));

    private List<string> Parts(ChatMessage message)
    {
        var parts = new List<string>();
        var text = new StringBuilder();
        foreach (AIContent content in message.Contents.OfType<AIContent>())
        {
            if (content is TextContent said)
            {
                text.Append(said.Text);
            }
            else if (Part(content) is { } part)
            {
                End(text, parts);
                parts.Add(part);
            }
        }

        End(text, parts);
        return parts;
    }

    private static void End(StringBuilder text, List<string> parts)
    {
        if (text.Length > 0)
        {
            parts.Add($"text {text}");
            text.Clear();
        }
    }

    private string? Part(AIContent content) =>
        content switch
        {
            TextReasoningContent or UsageContent or ToolCallContent or ToolResultContent or InputRequestContent => null,
            ToolApprovalResponseContent answer => answer.Approved ? "approved" : "rejected",
            DataContent data => $"data {data.MediaType} {Convert.ToHexString(SHA256.HashData(data.Data.Span))}",
            UriContent uri => $"uri {uri.MediaType} {uri.Uri.OriginalString}",
            _ => format.TryWrite([content], out string? json)
                ? $"json {JsonElement.Parse(json).GetRawText()}"
                : Placeholders.NameOf(content),
        };
}
