using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.RealInput;

public sealed class LocomoTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [LocomoFact]
    public async Task Real_conversations_come_back_equal_after_a_restart()
    {
        IReadOnlyList<LocomoConversation> conversations = LocomoConversation.Read(LocomoFactAttribute.Find()!);
        Assert.Equal(3, conversations.Count);
        await using (GrainHost host = await StartAsync())
        {
            ConversationClient client = Client(host);
            await Task.WhenAll(
                conversations.Select(async conversation =>
                {
                    foreach (ChatMessage message in conversation.Messages)
                    {
                        await client.Get(conversation.Id).AppendAsync(message, turnId: message.MessageId);
                    }
                })
            );
        }

        await using GrainHost again = await StartAsync();
        foreach (LocomoConversation conversation in conversations)
        {
            Conversation stored = Client(again).Get(conversation.Id);
            int i = 0;
            await foreach (ConversationMessage message in stored.StreamMessagesAsync())
            {
                AssertEqual(conversation.Messages[i++], message, i);
            }

            Assert.Equal(conversation.Messages.Count, i);
            Assert.Equal(i, (await stored.GetHeadAsync())!.Version);
        }
    }

    private static void AssertEqual(ChatMessage said, ConversationMessage stored, long sequence)
    {
        Assert.Equal(sequence, stored.Sequence);
        ChatMessage message = stored.Message;
        Assert.Equal(
            (said.Role, said.Text, said.AuthorName, said.MessageId, said.CreatedAt),
            (message.Role, message.Text, message.AuthorName, message.MessageId, message.CreatedAt)
        );
        Assert.Equal(JsonSerializer.Serialize(said.AdditionalProperties), JsonSerializer.Serialize(message.AdditionalProperties));
    }

    private Task<GrainHost> StartAsync() => GrainHost.OnPostgresAsync(database.ConnectionString);

    private static ConversationClient Client(GrainHost host) =>
        new(host.Grains, Options.Create(new ConversationClientOptions()), TimeProvider.System, NullLogger<ConversationClient>.Instance);
}
