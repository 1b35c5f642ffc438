using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Client.Agents;

/// <summary>A run whose answer comes piece by piece. It is stored by the step that finds the end; disposing of it before that ends it without a trace.</summary>
/// <param name="run">The run.</param>
/// <param name="chatClient">The model.</param>
/// <param name="author">The author of what names none.</param>
internal sealed class AgentRunStream(AgentRun run, IChatClient chatClient, string? author) : IAsyncDisposable
{
    private readonly List<ChatResponseUpdate> _updates = [];
    private IAsyncEnumerator<ChatResponseUpdate>? _answer;
    private bool _over;

    /// <summary>The piece that the last step gave.</summary>
    public ChatResponseUpdate Current { get; private set; } = null!;

    /// <summary>Goes to the next piece.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>Whether there is one; when there is none the run is stored.</returns>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        ChatResponse response;
        try
        {
            _answer ??= chatClient.GetStreamingResponseAsync(run.Messages, run.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            if (await _answer.MoveNextAsync())
            {
                ChatResponseUpdate update = Copies.Of(_answer.Current);
                update.AuthorName ??= author;
                _updates.Add(update);
                Current = Copies.Of(update);
                return true;
            }

            response = _updates.ToChatResponse();
            await run.StoreAsync(response, cancellationToken);
            _over = true;
        }
        catch (Exception failure)
        {
            _over = true;
            await run.FailedAsync(failure);
            throw;
        }

        await run.SucceededAsync(response, cancellationToken);
        return false;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_over)
            {
                _over = true;
                await run.FailedAsync(new OperationCanceledException("The stream was not read to its end."));
            }
        }
        finally
        {
            await (_answer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
