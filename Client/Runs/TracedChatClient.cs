using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Gives the calls of a run's inner client an activity, by OpenTelemetry's conventions for generative AI, and those of the tools of a loop
/// inside of it. Nothing that is said, no argument and no result is a tag, whatever the environment says.
/// </summary>
/// <remarks>
/// Unlike <see cref="OpenTelemetryChatClient"/> it does not tell what a failure says, which may repeat the prompt. Where there is one of
/// these inside, it does nothing.
/// </remarks>
internal sealed class TracedChatClient : DelegatingChatClient
{
    private readonly bool _isOn;
    private readonly bool _hasLoop;
    private readonly ChatClientMetadata? _about;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">What calls the model.</param>
    public TracedChatClient(IChatClient innerClient)
        : base(innerClient)
    {
        _isOn = innerClient.GetService<OpenTelemetryChatClient>() is null;
        _hasLoop = innerClient.GetService<FunctionInvokingChatClient>() is not null;
        _about = innerClient.GetService<ChatClientMetadata>();
    }

    /// <inheritdoc />
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => IsWatched ? WatchAsync(messages, options, cancellationToken) : base.GetResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc />
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        IsWatched
            ? WatchStreamAsync(messages, options, cancellationToken)
            : base.GetStreamingResponseAsync(messages, options, cancellationToken);

    private bool IsWatched => _isOn && MemoryActivities.Source.HasListeners();

    private async Task<ChatResponse> WatchAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken
    )
    {
        using Activity? activity = Start(options);
        try
        {
            ChatResponse response = await base.GetResponseAsync(messages, WithTracedTools(options), cancellationToken);
            End(activity, response);
            return response;
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> WatchStreamAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using Activity? activity = Start(options);
        var updates = new List<ChatResponseUpdate>();
        IAsyncEnumerator<ChatResponseUpdate> stream = base.GetStreamingResponseAsync(messages, WithTracedTools(options), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (stream)
        {
            while (await MoveAsync())
            {
                updates.Add(stream.Current);
                yield return stream.Current;
            }
        }

        End(activity, updates.ToChatResponse());

        // A method of its own: what an iterator sets does not outlive its yield, and it may not catch around one.
        async Task<bool> MoveAsync()
        {
            Activity.Current = activity ?? Activity.Current;
            try
            {
                return await stream.MoveNextAsync();
            }
            catch (Exception failure)
            {
                activity.Fail(failure);
                throw;
            }
        }
    }

    private Activity? Start(ChatOptions? options) =>
        ModelActivity.Start(ModelActivity.Chat, options?.ModelId ?? _about?.DefaultModelId, _about?.ProviderName);

    private static void End(Activity? activity, ChatResponse response) =>
        ModelActivity.End(
            activity,
            response.ModelId,
            response.FinishReason?.Value,
            response.Usage?.InputTokenCount,
            response.Usage?.OutputTokenCount
        );

    private ChatOptions? WithTracedTools(ChatOptions? options)
    {
        if (!_hasLoop || options?.Tools is not { Count: > 0 } tools)
        {
            return options;
        }

        ChatOptions traced = options.Clone();
        traced.Tools = [.. tools.Select(tool => tool is AIFunction function ? new TracedFunction(function) : tool)];
        return traced;
    }
}
