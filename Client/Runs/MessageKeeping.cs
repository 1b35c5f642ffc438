using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Writes messages that were paid for: whatever is in them, something can be stored. What cannot be written, or is not valid, is replaced,
/// and the change is noted.
/// </summary>
/// <param name="format">How contents are written.</param>
internal sealed class MessageKeeping(ChatMessageFormat format, ICollection<AnswerChange> changes)
{
    private readonly Placeholders _placeholders = new(format);

    /// <summary>Writes a message.</summary>
    /// <returns>The message as it is stored.</returns>
    public KeptMessage Keep(ChatMessage message) => Keep(message, ChatMessageFormat.StoredRole(message.Role));

    /// <summary>Writes a message of a model's answer: one of the assistant, or the result of a tool.</summary>
    /// <returns>The message as it is stored.</returns>
    public KeptMessage KeepAnswer(ChatMessage message)
    {
        (string role, string? original) = ChatMessageFormat.StoredRole(message.Role);
        return Keep(
            message,
            role is MessageRoles.Assistant or MessageRoles.Tool ? (role, null) : (MessageRoles.Assistant, original ?? role)
        );
    }

    /// <summary>Makes messages fit into a turn.</summary>
    /// <param name="limits">The turn's limits.</param>
    /// <param name="room">What is left of them.</param>
    public void Fit(List<KeptMessage> messages, TurnLimits limits, (int Messages, long Bytes) room)
    {
        int kept = limits.MaxMessageBytes / 8;
        foreach (KeptMessage message in messages)
        {
            while (message.Bytes > limits.MaxMessageBytes && message.Shrink(format, kept, changes)) { }
        }

        if (messages.Count > room.Messages)
        {
            changes.Add(new AnswerChange(AnswerChangeKind.Messages, messages[^1].ToNewMessage().Id ?? string.Empty));
            messages.RemoveRange(0, messages.Count - Math.Max(1, room.Messages));
        }

        kept = (int)Math.Clamp(room.Bytes / (8L * Math.Max(1, messages.Count)), 0, kept);
        while (
            messages.Sum(message => message.Bytes) > room.Bytes && messages.MaxBy(message => message.Bytes)!.Shrink(format, kept, changes)
        ) { }
    }

    private KeptMessage Keep(ChatMessage message, (string Role, string? Original) role)
    {
        string id = message.MessageId ?? string.Empty;
        var originals = new AdditionalPropertiesDictionary();
        string stored = role.Role;
        if (!MessageRoles.IsKnown(stored))
        {
            (stored, role.Original) = (MessageRoles.Assistant, role.Role);
        }

        if (role.Original is { Length: > 0 } original)
        {
            changes.Add(new AnswerChange(AnswerChangeKind.Role, id));
            originals[ChatMessageFormat.OriginalRoleProperty] = AnswerIds.Original(original);
        }

        if (message.AuthorName is { } name && !AnswerIds.IsValid(name))
        {
            changes.Add(new AnswerChange(AnswerChangeKind.Author, id));
            originals[ChatMessageFormat.OriginalAuthorProperty] = AnswerIds.Original(name);
        }

        if (id.Length > 0 && !AnswerIds.IsValid(id))
        {
            // The grain makes one, so that the same message is written the same way when its turn comes again.
            originals[ChatMessageFormat.OriginalIdProperty] = AnswerIds.Original(id);
            id = string.Empty;
            changes.Add(new AnswerChange(AnswerChangeKind.MessageId, id));
        }

        var kept = new NewMessage
        {
            Id = id.Length == 0 ? null : id,
            Role = stored,
            Author = originals.ContainsKey(ChatMessageFormat.OriginalAuthorProperty) ? null : message.AuthorName,
            Contents = string.Empty,
            Metadata = Properties(message.AdditionalProperties, originals, id),
            Created = message.CreatedAt,
        };
        return new KeptMessage(kept, Contents([.. message.Contents.OfType<AIContent>()], id));
    }

    private List<(AIContent Content, string Json)> Contents(List<AIContent> contents, string id)
    {
        if (format.TryWrite(contents, out string? all))
        {
            return [.. contents.Zip(JsonElement.Parse(all).EnumerateArray().Select(element => element.GetRawText()))];
        }

        var kept = new List<(AIContent Content, string Json)>(contents.Count);
        foreach (AIContent content in contents)
        {
            AIContent stored = content;
            if (!format.TryWrite([content], out string? json))
            {
                changes.Add(new AnswerChange(AnswerChangeKind.Content, id, Placeholders.NameOf(content)));
                stored = _placeholders.ForUnwritable(content);
                format.TryWrite([stored], out json);
            }

            kept.Add((stored, json![1..^1]));
        }

        return kept;
    }

    private string? Properties(AdditionalPropertiesDictionary? given, AdditionalPropertiesDictionary originals, string id)
    {
        if (given is { Count: > 0 })
        {
            bool whole = format.TryWrite(given, out _);
            foreach ((string name, object? value) in given)
            {
                if (whole || value is null || format.TryWrite(new AdditionalPropertiesDictionary { [name] = value }, out _))
                {
                    originals.TryAdd(name, value);
                    continue;
                }

                changes.Add(new AnswerChange(AnswerChangeKind.Property, id, Placeholders.NameOf(value)));
                originals.TryAdd(name, Placeholders.Say(value));
            }
        }

        return originals.Count > 0 && format.TryWrite(originals, out string? json) ? json : null;
    }
}
