using Microsoft.Extensions.AI;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>
/// Invokes the functions that a model calls, and asks it again with the results. It stands in for Microsoft.Extensions.AI's <c>FunctionInvokingChatClient</c>.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class ToolCalls(IChatClient model) : DelegatingChatClient(model)
{
    private const int MostRounds = 10;

    /// <inheritdoc />
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> said = [.. messages];
        int given = said.Count;
        for (int round = 1; ; round++)
        {
            ChatResponse response = await base.GetResponseAsync(said, options, cancellationToken);
            said.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0 || round == MostRounds)
            {
                response.Messages = said[given..];
                return response;
            }

            foreach (FunctionCallContent call in calls)
            {
                AIFunction function = (options?.Tools ?? []).OfType<AIFunction>().First(function => function.Name == call.Name);
                object? result = await function.InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken);
                said.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
        }
    }
}
