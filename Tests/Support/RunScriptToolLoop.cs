using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A function-invoking client with the contract of the one in Microsoft.Extensions.AI, which cannot be restored everywhere: while a
/// response calls functions it invokes them and asks again; with the results alone when the response names a conversation, else with
/// everything said so far. It returns all messages on the way.
/// </summary>
internal sealed class RunScriptToolLoop(IChatClient innerClient, Func<FunctionCallContent, CancellationToken, ValueTask<object?>> tool)
    : DelegatingChatClient(innerClient)
{
    /// <summary>A loop whose every function says something of the id of its call.</summary>
    public RunScriptToolLoop(IChatClient innerClient, Func<string, string> tool)
        : this(innerClient, (call, _) => ValueTask.FromResult<object?>(tool(call.CallId))) { }

    /// <summary>A loop that invokes these functions by their names.</summary>
    public RunScriptToolLoop(IChatClient innerClient, IEnumerable<AIFunction> functions)
        : this(
            innerClient,
            (call, token) =>
                functions.Single(function => function.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments), token)
        )
    { }

    /// <summary>Whether to send everything each time, whatever the inner client says of conversations.</summary>
    public bool ResendsEverything { get; init; }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        List<ChatMessage> said = [.. messages];
        IEnumerable<ChatMessage> next = said;
        List<ChatMessage> all = [];
        while (true)
        {
            ChatResponse response = await base.GetResponseAsync(next, options, cancellationToken);
            all.AddRange(response.Messages);
            if (await ResultsAsync(response, cancellationToken) is not { } results)
            {
                response.Messages = all;
                return response;
            }

            all.Add(results);
            said.AddRange([.. response.Messages, results]);
            next = Next(said, results, response, ref options);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        List<ChatMessage> said = [.. messages];
        IEnumerable<ChatMessage> next = said;
        while (true)
        {
            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(next, options, cancellationToken))
            {
                updates.Add(update);
                yield return update;
            }

            ChatResponse response = updates.ToChatResponse();
            if (await ResultsAsync(response, cancellationToken) is not { } results)
            {
                yield break;
            }

            said.AddRange([.. response.Messages, results]);
            yield return new ChatResponseUpdate(ChatRole.Tool, results.Contents)
            {
                ConversationId = response.ConversationId,
                MessageId = "results",
            };
            next = Next(said, results, response, ref options);
        }
    }

    private List<ChatMessage> Next(List<ChatMessage> said, ChatMessage results, ChatResponse response, ref ChatOptions? options)
    {
        if (response.ConversationId is { } id && options?.ConversationId != id)
        {
            options = options?.Clone() ?? new ChatOptions();
            options.ConversationId = id;
        }

        return response.ConversationId is null || ResendsEverything ? said : [results];
    }

    private async Task<ChatMessage?> ResultsAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        List<AIContent> results = [];
        foreach (
            FunctionCallContent call in response
                .Messages.SelectMany(message => message.Contents)
                .OfType<FunctionCallContent>()
                .Where(call => !call.InformationalOnly)
        )
        {
            results.Add(new FunctionResultContent(call.CallId, await tool(call, cancellationToken)));
            call.InformationalOnly = true;
        }

        return results.Count == 0 ? null : new ChatMessage(ChatRole.Tool, results);
    }
}
