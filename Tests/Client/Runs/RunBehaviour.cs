using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>What runs do, whatever store they stand on.</summary>
public abstract partial class RunBehaviour : IAsyncLifetime
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private ConversationClient Client { get; set; } = null!;

    private Conversation Conversation => Client.Get(_id);

    public async ValueTask InitializeAsync()
    {
        Client = Clients.Of(await HostAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> HostAsync();

    private ConversationChatClient Bind(IChatClient model, Action<ConversationChatClientOptions>? configure = null) =>
        model.WithConversation(
            Client,
            options =>
            {
                options.ConversationId = _id;
                configure?.Invoke(options);
            }
        );

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatOptions Turn(string turnId) =>
        new() { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = turnId } };

    /// <summary>The log in short: texts, calls as +id, results as -id.</summary>
    private async Task<string[]> LogAsync()
    {
        if (await Conversation.GetHeadAsync() is null)
        {
            return [];
        }

        var log = new List<string>();
        await foreach (ConversationMessage message in Conversation.StreamMessagesAsync())
        {
            log.Add(Short(message.Message));
        }

        return [.. log];
    }

    private static string Short(ChatMessage message) =>
        string.Concat(
            message.Contents.Select(content =>
                content switch
                {
                    FunctionCallContent call => "+" + call.CallId,
                    FunctionResultContent result => "-" + result.CallId,
                    TextContent text => text.Text,
                    _ => "",
                }
            )
        );

    private static IEnumerable<string> Shorts(RunScriptCall call) => call.Messages.Select(Short);

    /// <summary>Runs, streaming or not.</summary>
    private static async Task<ChatResponse> RunAsync(
        IChatClient client,
        bool streaming,
        IEnumerable<ChatMessage> input,
        ChatOptions? options = null
    ) =>
        streaming
            ? await client.GetStreamingResponseAsync(input, options).ToChatResponseAsync()
            : await client.GetResponseAsync(input, options);

    private async Task<long> VersionAsync() => (await Conversation.GetHeadAsync())?.Version ?? 0;
}

public sealed class InMemoryRunTests(SharedHosts hosts) : RunBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class PostgresRunTests(SharedHosts hosts) : RunBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}
