using System.Text.Json;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>The messages of a conversation of ChatGPT: a tree, since a question may be asked anew and an answer made again.</summary>
internal sealed class ChatGptTree
{
    private readonly Dictionary<string, ChatGptNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<ChatGptNode> _order = [];
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);

    /// <summary>Reads a tree.</summary>
    /// <param name="conversation">One of the export's, as it stands there.</param>
    /// <exception cref="MalformedConversationException">It has none.</exception>
    public ChatGptTree(JsonElement conversation)
    {
        if (Texts.Field(conversation, "mapping") is not { ValueKind: JsonValueKind.Object } mapping)
        {
            throw new MalformedConversationException("It has no mapping.");
        }

        foreach (JsonProperty property in mapping.EnumerateObject())
        {
            var node = new ChatGptNode(property.Name, Texts.Of(property.Value, "parent"), Texts.Field(property.Value, "message"));
            if (property.Value.ValueKind != JsonValueKind.Object || !_nodes.TryAdd(node.Id, node))
            {
                throw new MalformedConversationException("A node of its mapping is no object, or stands there twice.");
            }

            _order.Add(node);
            if (node.Parent is { } parent)
            {
                _parents.Add(parent);
            }
        }

        Main = PathTo(Current(conversation));
    }

    /// <summary>The path that is shown: from the first message to the current one.</summary>
    public IReadOnlyList<ChatGptNode> Main { get; }

    /// <summary>The other paths, each to a message that nothing follows.</summary>
    public IEnumerable<IReadOnlyList<ChatGptNode>> Others()
    {
        HashSet<string> main = [.. Main.Select(static node => node.Id)];
        return _order.Where(node => !_parents.Contains(node.Id) && !main.Contains(node.Id)).Select(PathTo);
    }

    // Exports of old conversations may name no current node: what was added last is what was shown.
    private ChatGptNode? Current(JsonElement conversation) =>
        Texts.Of(conversation, "current_node") is { } current
            ? _nodes.GetValueOrDefault(current) ?? throw new MalformedConversationException("Its current_node is not in its mapping.")
            : _order.LastOrDefault(node => !_parents.Contains(node.Id));

    private List<ChatGptNode> PathTo(ChatGptNode? last)
    {
        var path = new List<ChatGptNode>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (ChatGptNode? node = last; node is not null; node = node.Parent is { } parent ? _nodes.GetValueOrDefault(parent) : null)
        {
            if (!seen.Add(node.Id))
            {
                throw new MalformedConversationException("Its nodes run in a circle.");
            }

            path.Add(node);
        }

        path.Reverse();
        return path;
    }
}

/// <summary>A node of a tree.</summary>
/// <param name="Parent">The node before it.</param>
/// <param name="Message">Its message; nodes that only hold others together have none.</param>
internal sealed record ChatGptNode(string Id, string? Parent, JsonElement? Message);
