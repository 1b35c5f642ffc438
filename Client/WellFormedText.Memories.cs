using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Client;

internal static partial class WellFormedText
{
    public static void Require(RecordRequest request)
    {
        Require(request.Key, "key");
        Require(request.ConversationId, "conversationId");
        Require(request.Fingerprint, "fingerprint");
        for (int i = 0; !request.Memories.IsDefault && i < request.Memories.Length; i++)
        {
            if (request.Memories[i] is { } memory)
            {
                string path = FormattableString.Invariant($"memories[{i}]");
                Require(memory.Text, path + ".text");
                Require(memory.Caption, path + ".caption");
                Require(memory.Role, path + ".role");
                Require(memory.Speaker, path + ".speaker");
                Require(memory.MessageId, path + ".messageId");
                Require(memory.Metadata, path + ".metadata");
            }
        }
    }

    public static void Require(RecallRequest request)
    {
        Require(request.Query, "query");
        Require(request.ExceptConversation, "exceptConversation");
        Require(request.Metadata);
        Require(request.Filter);
    }

    public static void Require(MemoryListQuery query)
    {
        Require(query.Agent, "agent");
        Require(query.User, "user");
        Require(query.Session, "session");
        Require(query.Cursor, "cursor");
        Require(query.Metadata);
    }

    public static void Require(MemoryUpdate update)
    {
        Require(update.Text, "text");
        Require(update.Metadata, "metadata");
    }

    private static void Require(MetadataFilter? filter)
    {
        if (filter is null)
        {
            return;
        }

        Require(filter.Name, "filter");
        foreach (string value in filter.Values.IsDefault ? [] : filter.Values)
        {
            Require(value, "filter");
        }

        foreach (MetadataFilter part in (filter.AllOf.IsDefault ? [] : filter.AllOf).Concat(filter.AnyOf.IsDefault ? [] : filter.AnyOf))
        {
            Require(part);
        }
    }

    private static void Require(ImmutableArray<MetadataMatch> metadata)
    {
        foreach (MetadataMatch match in metadata.IsDefault ? [] : metadata.Where(match => match is not null))
        {
            Require(match.Name, "metadata");
            Require(match.Value, "metadata");
        }
    }
}
