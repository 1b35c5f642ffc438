using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// The items of a stored message: the one that it was made of, or those that say what another API wrote. Every message has at least one, so
/// that a page of messages is a page of items.
/// </summary>
internal static class MessageItems
{
    /// <summary>Reads the items of a message.</summary>
    /// <returns>Its items, in the order of its contents.</returns>
    public static ImmutableArray<ConversationItem> Of(Message message) => Of(message.Id, message.Role, message.Contents, message.Metadata);

    /// <summary>The items of a message that has just been appended.</summary>
    public static ImmutableArray<ConversationItem> Of(NewMessage message) =>
        Of(message.Id!, message.Role, message.Contents, message.Metadata);

    private static ImmutableArray<ConversationItem> Of(string id, string role, string contents, string? metadata)
    {
        JsonElement all = JsonElement.Parse(contents);
        if (KeptItem.Read(metadata, all, id) is { } kept)
        {
            return [kept];
        }

        List<Group> groups = Divide(all);
        var items = ImmutableArray.CreateBuilder<ConversationItem>(groups.Count);
        int firstMessage = groups.FindIndex(static group => group.Type == ItemTypes.Message);
        for (int i = 0; i < groups.Count; i++)
        {
            Group group = groups[i];
            string itemId = ItemIds.Within(group.Type, i, groups.Count, i == firstMessage, id);
            items.Add(
                new ConversationItem(
                    itemId,
                    group.Type,
                    TranslatedItem.Of(itemId, group.Type, role, [.. group.Contents.Select(content => all[content])]),
                    [.. group.Contents]
                )
            );
        }

        return items.MoveToImmutable();
    }

    /// <summary>
    /// Which contents make an item together: what is said between calls, results and reasoning is one message. What no item can say goes
    /// with what stands before it.
    /// </summary>
    private static List<Group> Divide(JsonElement contents)
    {
        var groups = new List<Group>();
        for (int i = 0; i < contents.GetArrayLength(); i++)
        {
            string type = TypeOf(contents[i]);
            bool joins =
                groups.Count > 0 && (type.Length == 0 || (type == groups[^1].Type && type is ItemTypes.Message or ItemTypes.Reasoning));
            if (joins)
            {
                groups[^1].Contents.Add(i);
            }
            else
            {
                groups.Add(new Group(type.Length == 0 ? ItemTypes.Message : type, [i]));
            }
        }

        return groups.Count > 0 ? groups : [new Group(ItemTypes.Message, [])];
    }

    private static string TypeOf(JsonElement content) =>
        TranslatedItem.KindOf(content) switch
        {
            "text" or "data" or "uri" or "hostedFile" or "error" => ItemTypes.Message,
            "reasoning" => ItemTypes.Reasoning,
            "functionCall" => ItemTypes.FunctionCall,
            "functionResult" => ItemTypes.FunctionCallOutput,
            _ => string.Empty,
        };

    private sealed record Group(string Type, List<int> Contents);
}
