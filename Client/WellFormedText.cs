using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client;

/// <summary>
/// Refuses text with an unpaired surrogate before it leaves the process: a wire form may replace the surrogate on the way, and the grain
/// would then keep something else than was given. In JSON such text is written as an escape, which every wire keeps;
/// <see cref="ChatMessageFormat"/> does so.
/// </summary>
internal static partial class WellFormedText
{
    public static void Require(Turn turn)
    {
        Require(turn.TurnId, "turnId");
        Require(turn.Fingerprint, "fingerprint");
        for (int i = 0; !turn.Messages.IsDefault && i < turn.Messages.Length; i++)
        {
            if (turn.Messages[i] is { } message)
            {
                string path = FormattableString.Invariant($"messages[{i}]");
                Require(message.Id, path + ".id");
                Require(message.Author, path + ".author");
                Require(message.Contents, path + ".contents");
                Require(message.Metadata, path + ".metadata");
            }
        }

        RequireEntries(turn);
        if (turn.Settings?.Values is { } settings)
        {
            Require(settings.UserId, "userId");
            Require(settings.AgentId, "agentId");
            Require(settings.Title, "title");
            Require(settings.Metadata, "metadata");
        }
    }

    public static void Require(ConversationListQuery query)
    {
        Require(query.UserId, "userId");
        Require(query.AgentId, "agentId");
        Require(query.ForkOf, "forkOf");
        Require(query.Cursor, "cursor");
        Require(query.Metadata);
    }

    public static void Require(string? text, string parameter)
    {
        if (!StorableText.IsWellFormed(text))
        {
            throw new InvalidRequestException(
                parameter,
                $"{parameter} is not valid Unicode: it has an unpaired surrogate. In JSON, write it as an escape (\\uD800)."
            );
        }
    }

    private static void RequireEntries(Turn turn)
    {
        if (!turn.EntryWrites.IsDefaultOrEmpty)
        {
            foreach (EntryWrite write in turn.EntryWrites.Where(write => write is not null))
            {
                Require(write.Space, "entries.space");
                Require(write.Key, "entries.key");
                Require(write.Value, "entries.value");
            }
        }

        if (!turn.EntryDeletes.IsDefaultOrEmpty)
        {
            foreach (EntryDelete delete in turn.EntryDeletes.Where(delete => delete is not null))
            {
                Require(delete.Space, "entryDeletes.space");
                Require(delete.Key, "entryDeletes.key");
            }
        }
    }
}
