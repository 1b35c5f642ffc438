using System.Buffers;
using System.Text.Json;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Agents.AI.Workflows.Checkpointing;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// Keeps the checkpoints of workflows, so that a workflow goes on in another process: <c>CheckpointManager.CreateJson(store)</c>. Each
/// session of a workflow has a conversation of its own, and each checkpoint is one turn of it; writing one costs the same however many
/// there are.
/// </summary>
/// <remarks>
/// A checkpoint is a message of the system, which names it and its parent, and behind it messages of data. They are no part of what is said
/// anywhere, and no search finds them. Checkpoints hold what the workflow's executors hold: they are kept until their conversation is
/// deleted or expires, neither redacted nor encrypted.
/// </remarks>
public sealed class ConversationCheckpointStore : JsonCheckpointStore
{
    private const string ParentProperty = "parent";
    private const string PartsProperty = "parts";
    private const string MediaType = "application/json";
    private const int PageMessages = 1_000;

    // What a part's JSON has beside its data.
    private const int PartOverhead = 512;

    private readonly ConversationPlace _place;

    /// <summary>Makes a store.</summary>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">Where checkpoints are kept; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public ConversationCheckpointStore(ConversationClient client, ConversationCheckpointStoreOptions? options = null) =>
        _place = new ConversationPlace(client, options?.Tenant, options?.NewConversation);

    /// <summary>The conversation that has the checkpoints of a workflow's session. Deleting it deletes them.</summary>
    /// <param name="sessionId">The session.</param>
    /// <returns>The conversation.</returns>
    public Conversation FindConversation(string sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        return _place.Get(ConversationKey.Encode("workflow:" + sessionId));
    }

    /// <inheritdoc />
    /// <exception cref="PayloadTooLargeException">The checkpoint is more than a turn may hold.</exception>
    public override async ValueTask<CheckpointInfo> CreateCheckpointAsync(
        string sessionId,
        JsonElement value,
        CheckpointInfo? parent = null
    )
    {
        Conversation conversation = FindConversation(sessionId);
        TurnLimits limits = await conversation.GetLimitsAsync(CancellationToken.None);
        var checkpoint = new CheckpointInfo(sessionId, Guid.NewGuid().ToString("N"));
        int size = Math.Max(1, (limits.MaxMessageBytes - PartOverhead) / 4 * 3);
        ChatMessage[] parts =
        [
            .. BytesOf(value).Chunk(size).Select(part => new ChatMessage(ChatRole.Assistant, [new DataContent(part, MediaType)])),
        ];
        var head = new ChatMessage(ChatRole.System, (string?)null)
        {
            MessageId = checkpoint.CheckpointId,
            AdditionalProperties = new() { [PartsProperty] = parts.Length, [ParentProperty] = parent?.CheckpointId },
        };
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = checkpoint.CheckpointId,
                Messages = _place.Client.Format.ToNewMessages([head, .. parts]),
                InitialSettings = _place.NewConversation,
            }
        );
        return checkpoint;
    }

    /// <inheritdoc />
    /// <exception cref="KeyNotFoundException">The session has no such checkpoint.</exception>
    public override async ValueTask<JsonElement> RetrieveCheckpointAsync(string sessionId, CheckpointInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Conversation conversation = FindConversation(sessionId);
        await foreach (ConversationMessage head in HeadsAsync(conversation, MessageOrder.Descending))
        {
            if (string.Equals(head.Message.MessageId, key.CheckpointId, StringComparison.Ordinal))
            {
                return await ReadAsync(conversation, head);
            }
        }

        throw new KeyNotFoundException("The session has no such checkpoint.");
    }

    /// <inheritdoc />
    public override async ValueTask<IEnumerable<CheckpointInfo>> RetrieveIndexAsync(string sessionId, CheckpointInfo? withParent = null)
    {
        var index = new List<CheckpointInfo>();
        await foreach (ConversationMessage head in HeadsAsync(FindConversation(sessionId), MessageOrder.Ascending))
        {
            if (
                withParent is null
                || string.Equals(Property(head.Message, ParentProperty), withParent.CheckpointId, StringComparison.Ordinal)
            )
            {
                index.Add(new CheckpointInfo(sessionId, head.Message.MessageId!));
            }
        }

        return index;
    }

    private static byte[] BytesOf(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            value.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Property(ChatMessage message, string name) =>
        message.AdditionalProperties?.TryGetValue(name, out object? value) is true
            ? (value as JsonElement?)?.ToString() ?? value?.ToString()
            : null;

    /// <summary>The messages that name checkpoints, page by page.</summary>
    private static async IAsyncEnumerable<ConversationMessage> HeadsAsync(Conversation conversation, MessageOrder order)
    {
        bool isForward = order == MessageOrder.Ascending;
        var query = new MessageQuery
        {
            Role = MessageRoles.System,
            Limit = PageMessages,
            Order = order,
            After = isForward ? 0 : null,
        };
        for (bool more = true; more;)
        {
            ConversationPage page;
            try
            {
                page = await conversation.GetMessagesAsync(query);
            }
            catch (ConversationNotFoundException)
            {
                yield break;
            }

            foreach (ConversationMessage head in page.Messages)
            {
                yield return head;
            }

            more = page.Next is not null;
            query = isForward ? query with { After = page.Next } : query with { Before = page.Next };
        }
    }

    private static async Task<JsonElement> ReadAsync(Conversation conversation, ConversationMessage head)
    {
        int count = int.Parse(Property(head.Message, PartsProperty)!, System.Globalization.CultureInfo.InvariantCulture);
        using var bytes = new MemoryStream();
        long last = head.Sequence + count;
        for (long? after = head.Sequence; after is not null && after < last;)
        {
            ConversationPage page = await conversation.GetMessagesAsync(
                new MessageQuery
                {
                    After = after,
                    Before = last + 1,
                    Limit = Math.Min(count, PageMessages),
                }
            );
            foreach (DataContent part in page.Messages.SelectMany(message => message.Message.Contents).OfType<DataContent>())
            {
                bytes.Write(part.Data.Span);
            }

            after = page.Next;
        }

        bytes.Position = 0;
        using JsonDocument document = await JsonDocument.ParseAsync(bytes);
        return document.RootElement.Clone();
    }
}
