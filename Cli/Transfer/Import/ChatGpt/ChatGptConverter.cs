using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>Converts conversations of ChatGPT's data export.</summary>
/// <param name="folder">Where their files are.</param>
/// <param name="withBranches">Whether answers that were not chosen are converted, too, each path as a conversation of its own.</param>
/// <param name="withHidden">Whether messages that are not shown are converted, too.</param>
/// <param name="tally">Is told what is left out.</param>
internal sealed class ChatGptConverter(ExportFolder folder, bool withBranches, bool withHidden, ImportTally tally)
{
    private const string IdPrefix = "chatgpt-";
    private const string IdCharacters = "-._~:@+=|,;!$*()";
    private const int MaxOwnIdLength = 100;

    private readonly ChatGptContents _contents = new(folder, tally);

    /// <summary>Converts a conversation.</summary>
    /// <param name="conversation">The conversation, as it is in the file.</param>
    /// <returns>It, and its branches behind it.</returns>
    /// <exception cref="MalformedConversationException">It is not what it should be.</exception>
    public IReadOnlyList<ConvertedConversation> Convert(JsonElement conversation)
    {
        if ((Texts.Of(conversation, "conversation_id") ?? Texts.Of(conversation, "id")) is not { Length: > 0 } ownId)
        {
            throw new MalformedConversationException("It has no conversation_id.");
        }

        var tree = new ChatGptTree(conversation);
        DateTimeOffset begin =
            ChatGptMessages.Time(conversation, "create_time")
            ?? ChatGptMessages.Time(conversation, "update_time")
            ?? DateTimeOffset.UnixEpoch;
        var messages = new ChatGptMessages(_contents, withHidden, begin, tally);
        string id = IdPrefix + Safe(ownId);
        List<ConvertedMessage> main = messages.Convert(tree.Main);
        var converted = new List<ConvertedConversation> { Make(conversation, id, main, Metadata(conversation, ownId)) };
        foreach (IReadOnlyList<ChatGptNode> path in tree.Others())
        {
            if (withBranches)
            {
                List<ConvertedMessage> branch = messages.Convert(path);
                int common = main.Zip(branch).TakeWhile(static pair => pair.First.Id == pair.Second.Id).Count();
                if (common < branch.Count)
                {
                    converted.Add(MakeBranch(conversation, ownId, id, path[^1].Id, common, branch));
                }
            }
        }

        if (!withBranches)
        {
            HashSet<string> shown = [.. tree.Main.Select(static node => node.Id)];
            tally.Note(
                "messages of other branches: left out (--branches imports each branch as a conversation)",
                tree.Others()
                    .SelectMany(static path => path)
                    .Where(node => node.Message is not null && !shown.Contains(node.Id))
                    .DistinctBy(static node => node.Id)
                    .Count()
            );
        }

        return converted;
    }

    private static ConvertedConversation Make(JsonElement conversation, string id, List<ConvertedMessage> messages, JsonObject metadata) =>
        new(id, Texts.Of(conversation, "title"), null, metadata, messages, []);

    private static ConvertedConversation MakeBranch(
        JsonElement conversation,
        string ownId,
        string id,
        string leaf,
        int common,
        List<ConvertedMessage> messages
    )
    {
        JsonObject metadata = Metadata(conversation, ownId);
        metadata["branchOf"] = id;
        metadata["sharedMessages"] = common;
        return Make(conversation, $"{id}~{Safe(leaf)}", messages, metadata);
    }

    private static JsonObject Metadata(JsonElement conversation, string ownId)
    {
        var metadata = new JsonObject { ["source"] = "chatgpt", ["conversationId"] = Texts.Cut(ownId, Texts.MaxNameBytes) };
        foreach ((string name, string field) in new[] { ("model", "default_model_slug"), ("gizmoId", "gizmo_id") })
        {
            if (Texts.Of(conversation, field) is { Length: > 0 } text)
            {
                metadata[name] = Texts.Cut(text, Texts.MaxNameBytes);
            }
        }

        if (Texts.Field(conversation, "is_archived") is { ValueKind: JsonValueKind.True })
        {
            metadata["archived"] = true;
        }

        return metadata;
    }

    // What an address could not hold, or would be too long, becomes its hash: the same at every import.
    private static string Safe(string id) =>
        id.Length <= MaxOwnIdLength
        && id.All(static one => char.IsAsciiLetterOrDigit(one) || IdCharacters.Contains(one, StringComparison.Ordinal))
            ? id
            : Convert64(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static string Convert64(byte[] hash) => System.Convert.ToHexStringLower(hash);
}
