using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>Calls of the model: bounded in time, and only some at the same time in one silo.</summary>
/// <param name="model">The model.</param>
/// <param name="options">The bounds.</param>
/// <param name="timeProvider">The clock of the time-out.</param>
internal sealed class ModelCalls(
    ExtractionModel model,
    IOptions<ExtractionOptions> options,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.Value.ConcurrentCalls);

    /// <summary>Asks the model once.</summary>
    /// <param name="prompt">What it is sent.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it replied.</returns>
    /// <exception cref="ModelFailedException">It failed, or took too long.</exception>
    public async Task<string> AskAsync(IList<ChatMessage> prompt, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            using var timeout = new CancellationTokenSource(options.Value.Timeout, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

            return (await AskAsync(model.Client, prompt, either.Token)).Text;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelFailedException(failure.GetType().Name);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private static async Task<ChatResponse> AskAsync(IChatClient client, IList<ChatMessage> prompt, CancellationToken cancellationToken)
    {
        ChatClientMetadata? about = client.GetService<ChatClientMetadata>();
        using Activity? activity = ModelActivity.Start(ModelActivity.Chat, about?.DefaultModelId, about?.ProviderName);
        try
        {
            // A client need not heed its token.
            ChatResponse response = await client
                .GetResponseAsync(prompt, new ChatOptions { ResponseFormat = ExtractionPrompts.ReplyFormat }, cancellationToken)
                .WaitAsync(cancellationToken);
            ModelActivity.End(
                activity,
                response.ModelId,
                response.FinishReason?.Value,
                response.Usage?.InputTokenCount,
                response.Usage?.OutputTokenCount
            );
            return response;
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }
}
