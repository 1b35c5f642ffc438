using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.Letta;

/// <summary>
/// An Agent File: the present form with its <c>agents</c>, or the earlier one, which is one agent with its <c>core_memory</c>.
/// </summary>
/// <param name="name">The file's name.</param>
/// <param name="tally">Is told what is left out.</param>
internal sealed class LettaFile(string name, JsonElement root, ImportTally tally)
{
    private const string Space = "session:letta";
    private const int IdHexDigits = 32;

    // Of the whole file, and of an agent: how an agent is run, and what it reads.
    private static readonly string[] NotOfAMemory =
    [
        "tools",
        "groups",
        "files",
        "sources",
        "mcp_servers",
        "skills",
        "tool_rules",
        "files_agents",
        "multi_agent_group",
    ];

    /// <summary>Converts its agents.</summary>
    /// <exception cref="MalformedFileException">It is no agent file.</exception>
    public IReadOnlyList<ConvertedConversation> Convert()
    {
        if (root.ValueKind != JsonValueKind.Object || (Texts.Field(root, "agents") is null && Texts.Field(root, "messages") is null))
        {
            throw new MalformedFileException($"{name}: an agent file has agents, or is one with messages.");
        }

        bool isPresent = Texts.Field(root, "agents") is not null;
        JsonElement[] agents = isPresent ? [.. Texts.Items(root, "agents")] : [root];
        if (isPresent)
        {
            NoteLeftOut(root);
        }

        return [.. agents.Select((agent, at) => Convert(agent, at + 1))];
    }

    private ConvertedConversation Convert(JsonElement agent, int number)
    {
        if (agent.ValueKind != JsonValueKind.Object)
        {
            throw new MalformedFileException(FormattableString.Invariant($"{name}: agent {number} is no object."));
        }

        NoteLeftOut(agent);
        JsonElement[] blocks = [.. Blocks(agent)];
        List<ConvertedMessage> messages = new LettaMessages(tally).Convert(agent, FormattableString.Invariant($"{name}: agent {number}"));
        string? agentName = Texts.Of(agent, "name");
        return new ConvertedConversation(IdOf(agent, blocks), agentName, agentName, Metadata(agent), messages, [.. Entries(agent, blocks)]);
    }

    private void NoteLeftOut(JsonElement from)
    {
        foreach (string field in NotOfAMemory)
        {
            tally.Note($"{field}: left out, no part of a conversation", Texts.Items(from, field).Count());
        }

        bool hasSecrets =
            Texts.Field(from, "secrets") is not null
            || (
                Texts.Field(from, "tool_exec_environment_variables") is { ValueKind: JsonValueKind.Object } variables
                && variables.EnumerateObject().Any()
            )
            || Texts.Items(from, "tool_exec_environment_variables").Any();
        tally.Note("secrets and environment variables of tools: never imported", hasSecrets ? 1 : 0);
    }

    private IEnumerable<JsonElement> Blocks(JsonElement agent)
    {
        HashSet<string?> ids =
        [
            .. Texts.Items(agent, "block_ids").Where(static id => id.ValueKind == JsonValueKind.String).Select(static id => id.GetString()),
        ];
        IEnumerable<JsonElement> shared = Texts.Items(root, "blocks").Where(block => Texts.Of(block, "id") is { } id && ids.Contains(id));
        return shared
            .Concat(Texts.Items(agent, "memory_blocks"))
            .Concat(Texts.Items(agent, "core_memory"))
            .Where(static block => block.ValueKind == JsonValueKind.Object);
    }

    private static IEnumerable<ConvertedEntry> Entries(JsonElement agent, JsonElement[] blocks)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement block in blocks)
        {
            string label = Texts.Of(block, "label") is { Length: > 0 } own ? own : "block";
            string key = Enumerable
                .Range(1, blocks.Length)
                .Select(number =>
                    $"block:{Texts.Cut(label, Texts.MaxNameBytes)}"
                    + (number == 1 ? string.Empty : FormattableString.Invariant($"#{number}"))
                )
                .First(keys.Add);
            yield return new ConvertedEntry(
                Space,
                key,
                new JsonObject
                {
                    ["value"] = Copy(block, "value"),
                    ["description"] = Copy(block, "description"),
                    ["limit"] = Copy(block, "limit"),
                    ["readOnly"] = Copy(block, "read_only"),
                }
            );
        }

        if (Texts.Of(agent, "system") is { Length: > 0 } system)
        {
            yield return new ConvertedEntry(Space, "system", JsonValue.Create(system));
        }

        foreach (string field in new[] { "in_context_message_ids", "in_context_message_indices" })
        {
            if (Texts.Field(agent, field) is { ValueKind: JsonValueKind.Array } context && context.GetArrayLength() > 0)
            {
                yield return new ConvertedEntry(Space, "inContext", Texts.Node(context)!);
                break;
            }
        }
    }

    private static JsonNode? Copy(JsonElement from, string field) => Texts.Field(from, field) is { } value ? Texts.Node(value) : null;

    private static JsonObject Metadata(JsonElement agent)
    {
        var metadata = new JsonObject { ["source"] = "letta" };
        Add("agentType", Texts.Of(agent, "agent_type"));
        Add("description", Texts.Of(agent, "description"));
        Add("model", Texts.Field(agent, "llm_config") is { } model ? Texts.Of(model, "model") : null);
        string[] tags =
        [
            .. Texts
                .Items(agent, "tags")
                .Select(static tag => tag.ValueKind == JsonValueKind.String ? tag.GetString() : Texts.Of(tag, "tag"))
                .OfType<string>(),
        ];
        if (tags.Length > 0)
        {
            metadata["tags"] = new JsonArray([
                .. tags.Take(100).Select(static tag => JsonValue.Create(Texts.Cut(tag, Texts.MaxNameBytes))),
            ]);
        }

        return metadata;

        void Add(string field, string? text)
        {
            if (text is { Length: > 0 })
            {
                metadata[field] = Texts.Cut(text, 4 * Texts.MaxNameBytes);
            }
        }
    }

    // An agent file names nothing that stays the same from one export to the next: the same content is the same conversation.
    private static string IdOf(JsonElement agent, JsonElement[] blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(agent.GetRawText()));
        foreach (JsonElement block in blocks)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(block.GetRawText()));
        }

        return "letta-" + System.Convert.ToHexStringLower(hash.GetHashAndReset())[..IdHexDigits];
    }
}
