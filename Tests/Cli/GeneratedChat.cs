using System.Text.Json.Nodes;

namespace OrleansMemory.Tests.Cli;

/// <summary>A generated conversation of ChatGPT's export, and the messages that its importing must come to.</summary>
internal sealed class GeneratedChat
{
    private const double Begin = 1_750_000_000;

    private readonly Random _random;
    private readonly JsonObject _mapping = [];
    private readonly List<string> _nodes = [];
    private readonly Dictionary<string, string?> _parents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public GeneratedChat(Random random, string id)
    {
        _random = random;
        Id = id;
        Add(null, message: false);
        int count = random.Next(1, 25);
        for (int node = 0; node < count; node++)
        {
            // Mostly on from the newest; now and then another answer to an earlier one.
            Add(random.Next(4) == 0 ? _nodes[random.Next(_nodes.Count)] : _nodes[^1], message: random.Next(12) != 0);
        }

        Current = _nodes[random.Next(_nodes.Count)];
    }

    public string Id { get; }

    public string Current { get; private set; }

    /// <summary>The texts on the path to the current node.</summary>
    public string[] Shown => PathTo(Current);

    /// <summary>The texts on the other paths that say something of their own, each as one.</summary>
    public string[] Branches
    {
        get
        {
            HashSet<string?> parents = [.. _parents.Values];
            HashSet<string> main = [];
            for (string? node = Current; node is not null; node = _parents[node])
            {
                main.Add(node);
            }

            string[] shown = Shown;
            return
            [
                .. _nodes
                    .Where(node => !parents.Contains(node) && !main.Contains(node))
                    .Select(PathTo)
                    .Where(path => !shown.Take(path.Length).SequenceEqual(path))
                    .Select(static path => string.Join('|', path)),
            ];
        }
    }

    /// <summary>More is said after what is shown.</summary>
    public void GoOn()
    {
        for (int node = _random.Next(1, 5); node > 0; node--)
        {
            Current = Add(Current, message: true);
        }
    }

    public JsonObject ToJson() =>
        new()
        {
            ["title"] = $"Chat {Id}",
            ["create_time"] = Begin,
            ["mapping"] = _mapping.DeepClone(),
            ["current_node"] = Current,
            ["conversation_id"] = Id,
            ["id"] = Id,
            ["is_archived"] = false,
            ["moderation_results"] = new JsonArray(),
        };

    private string[] PathTo(string last)
    {
        var path = new Stack<string>();
        for (string? node = last; node is not null; node = _parents[node])
        {
            if (_texts.TryGetValue(node, out string? text))
            {
                path.Push(text);
            }
        }

        return [.. path];
    }

    private string Add(string? parent, bool message)
    {
        string id = $"{Id}-n{_nodes.Count}";
        var node = new JsonObject
        {
            ["id"] = id,
            ["parent"] = parent,
            ["children"] = new JsonArray(),
            ["message"] = message ? Message(id) : null,
        };
        _mapping[id] = node;
        _parents[id] = parent;
        _nodes.Add(id);
        if (parent is not null)
        {
            _mapping[parent]!["children"]!.AsArray().Add(id);
        }

        return id;
    }

    private JsonObject Message(string id)
    {
        bool isHidden = _random.Next(10) == 0;
        bool isEmpty = _random.Next(10) == 0;
        string text = isEmpty ? string.Empty : $"text of {id} \U0001F600 {new string('y', _random.Next(50))}";
        if (!isHidden && !isEmpty)
        {
            _texts[id] = text;
        }

        return new JsonObject
        {
            ["id"] = id,
            ["author"] = new JsonObject
            {
                ["role"] = _random.Next(2) == 0 ? "user" : "assistant",
                ["name"] = null,
                ["metadata"] = new JsonObject(),
            },
            ["create_time"] = _random.Next(6) == 0 ? null : Begin + (_nodes.Count * 1.5),
            ["content"] = new JsonObject { ["content_type"] = "text", ["parts"] = new JsonArray(text) },
            ["status"] = "finished_successfully",
            ["weight"] = 1.0,
            ["metadata"] = isHidden
                ? new JsonObject { ["is_visually_hidden_from_conversation"] = true }
                : new JsonObject { ["model_slug"] = "some-model" },
            ["recipient"] = "all",
        };
    }
}
