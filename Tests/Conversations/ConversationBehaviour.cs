using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>What a conversation does, whatever store and host it stands on. A host's file only says which one.</summary>
public abstract partial class ConversationBehaviour : IAsyncLifetime
{
    protected virtual ManualUtcClock Clock { get; } = new();

    protected GrainHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await StartHostAsync();

    public ValueTask DisposeAsync() => new(EndHostAsync());

    protected abstract Task<GrainHost> StartHostAsync();

    protected virtual async Task EndHostAsync() => await Host.DisposeAsync();

    /// <summary>A conversation no one else uses.</summary>
    protected IConversationGrain NewConversation(string tenant = "tests") => Host.Conversation(NewId(), tenant);

    protected static string NewId() => Guid.NewGuid().ToString("N");

    protected static IEnumerable<string> Texts(IEnumerable<Message> messages) => messages.Select(message => message.Contents);

    /// <summary>Fills a conversation with numbered messages, many in a turn.</summary>
    protected static async Task FillAsync(IConversationGrain conversation, int count, int perTurn = 100)
    {
        for (int from = 1; from <= count; from += perTurn)
        {
            NewMessage[] messages =
            [
                .. Enumerable
                    .Range(from, Math.Min(perTurn, count - from + 1))
                    .Select(i =>
                        Messages.Of(i % 2 == 1 ? MessageRoles.User : MessageRoles.Assistant, FormattableString.Invariant($"message {i}"))
                    ),
            ];
            await conversation.CommitAsync(Messages.Turn(FormattableString.Invariant($"fill {from}"), messages));
        }
    }

    protected static async Task<List<Message>> AllAsync(IConversationGrain conversation, MessageQuery? query = null)
    {
        var messages = new List<Message>();
        await foreach (Message message in conversation.StreamMessagesAsync(query ?? new MessageQuery()))
        {
            messages.Add(message);
        }

        return messages;
    }
}
