using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>Contents that others have written and that this client cannot read end no conversation.</summary>
public sealed class UnreadableContentTests(SharedHosts hosts)
{
    public static TheoryData<string> Contents() =>
        [
            """[{"$type":"custom","x":1}]""",
            """[{"$type":"text","text":"a"},{"$type":"custom","x":1}]""",
            """[{"$type":"functionCall"}]""",
            """[{"$type":"functionCall","callId":"a","name":"f","arguments":[1]},{"$type":"text","text":"b"}]""",
            """[{"$type":"data","uri":"nonsense"}]""",
            """[{"$type":"uri","uri":"::","mediaType":"x"}]""",
            """[{"$type":5}]""",
            """[{"$type":"text","text":5}]""",
            """[{"$type":"customCall","callId":"a"},{"$type":"text","text":"b"}]""",
            """[{"$type":"customResult","callId":"a"},{"$type":"text","text":"b"}]""",
            """[{"$type":"customRequest","requestId":"a"}]""",
        ];

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task The_next_run_works(string contents)
    {
        ConversationClient client = Clients.OfNewTenant(await hosts.InMemoryAsync());
        foreach (string role in new[] { "user", "assistant", "tool" })
        {
            Conversation conversation = client.Get(role);
            await conversation.CommitAsync(
                new Turn
                {
                    TurnId = "a",
                    Messages =
                    [
                        new NewMessage { Role = "user", Contents = """[{"$type":"text","text":"0"}]""" },
                        new NewMessage { Role = role, Contents = contents },
                    ],
                }
            );
            foreach ((bool outside, bool streaming) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                await RunAsync(client, role, outside, streaming);
            }

            ChatMessage last = new(ChatRole.User, "3");
            ProviderRules.Demand([
                .. (await conversation.GetWindowAsync(new ConversationWindow())).Select(message => message.Message),
                last,
            ]);
            ProviderRules.Demand([.. await new ConversationMemory(conversation).GetMessagesAsync(20), last]);
            var agent = TestAgents.Of(new StrictChatClient(), new ConversationHistoryProvider(client));
            await agent.RunAsync("4", (await agent.CreateSessionAsync()).UseConversation(conversation.Key));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_placeholder_that_names_its_type_and_pairs_stay_whole()
    {
        ConversationClient client = Clients.OfNewTenant(await hosts.InMemoryAsync());
        Conversation conversation = client.Get("c");
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "a",
                Messages =
                [
                    new NewMessage { Role = "user", Contents = """[{"$type":"text","text":"see"},{"$type":"chart","points":[1]}]""" },
                    new NewMessage
                    {
                        Role = "assistant",
                        Contents = """[{"$type":"functionCall","callId":"a","name":"look","arguments":[1]}]""",
                    },
                    new NewMessage { Role = "tool", Contents = """[{"$type":"functionResult","callId":"a","result":1}]""" },
                ],
            }
        );
        var model = new StrictChatClient();
        await model.WithConversation(client, options => options.ConversationId = "c").GetResponseAsync("and?");

        Assert.Equal(["user[see [chart: cannot be read]]", "assistant[+a]", "tool[-a]", "user[and?]"], model.Calls[0].Shorts);
        Assert.Equal("chart", model.Calls[0].Messages[0].Contents[1].AdditionalProperties![ChatMessageFormat.PlaceholderProperty]);
        Assert.Equal("look", ((FunctionCallContent)model.Calls[0].Messages[1].Contents[0]).Name);
        await Assert.ThrowsAsync<UnreadableMessageException>(() => conversation.GetMessagesAsync());
        Assert.Equal(
            """[{"$type":"text","text":"see"},{"$type":"chart","points":[1]}]""",
            (await conversation.GetStoredMessagesAsync()).Messages[0].Contents
        );
    }

    private static async Task RunAsync(ConversationClient client, string id, bool outside, bool streaming)
    {
        var model = new StrictChatClient(call =>
            call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("f", Guid.NewGuid().ToString())
        );
        IChatClient chat = outside
            ? model.WithConversation(client, options => options.ConversationId = id).AsBuilder().UseFunctionInvocation().Build()
            : model.AsBuilder().UseFunctionInvocation().Build().WithConversation(client, options => options.ConversationId = id);
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => "seen", "f")] };
        _ = streaming
            ? await chat.GetStreamingResponseAsync("2", options).ToChatResponseAsync()
            : await chat.GetResponseAsync("2", options);
        model.DemandUnchanged();
    }
}
