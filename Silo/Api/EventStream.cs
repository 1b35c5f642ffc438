using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansMemory.Client.Feed;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>
/// Sends a feed as server-sent events, as fast as the reader takes them: while the response waits for the reader, the feed is not read.
/// </summary>
/// <param name="response">The response, which has not started.</param>
/// <param name="json">How data is written.</param>
/// <param name="patience">How long the reader may take nothing of what waits for it.</param>
/// <param name="timeProvider">Counts that time.</param>
internal sealed class EventStream(HttpResponse response, JsonSerializerOptions json, TimeSpan patience, TimeProvider timeProvider)
{
    // About what Kestrel holds for a connection before it makes the writer wait.
    private const int FlushBytes = 64 * 1024;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private int _unflushed;

    /// <summary>Whether the reader is being waited for.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Sends events until the feed ends or the reader has gone.</summary>
    /// <param name="keepAlive">When it says nothing.</param>
    /// <param name="ending">Ends the sending; it is cancelled when this returns.</param>
    /// <returns>A task that ends with the stream.</returns>
    public async Task SendAsync(ResumableFeed feed, PeriodicTimer keepAlive, CancellationTokenSource ending)
    {
        Begin();
        ServerSentEvents.WriteStart(response.BodyWriter, Retry, feed.Position.ToString());
        Task<bool> next = feed.MoveNextAsync(ending.Token);
        try
        {
            Task<bool> tick = keepAlive.WaitForNextTickAsync(ending.Token).AsTask();
            bool isThere = await FlushAsync(ending.Token);
            while (isThere)
            {
                if (!next.IsCompleted)
                {
                    await Task.WhenAny(next, tick);
                }

                if (next.IsCompleted)
                {
                    if (!await next)
                    {
                        break;
                    }

                    Write(feed.Current);
                    next = feed.MoveNextAsync(ending.Token);
                    isThere = (next.IsCompletedSuccessfully && _unflushed < FlushBytes) || await FlushAsync(ending.Token);
                }
                else
                {
                    await tick;
                    ServerSentEvents.WriteKeepAlive(response.BodyWriter);
                    isThere = await FlushAsync(ending.Token);
                    tick = keepAlive.WaitForNextTickAsync(ending.Token).AsTask();
                }
            }
        }
        finally
        {
            // A feed can be closed only when no call waits for its next event.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sets the headers of the answer.</summary>
    public void Begin()
    {
        response.ContentType = ServerSentEvents.ContentType;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private void Write(ConversationEvent next)
    {
        (string name, object data) = next.Kind switch
        {
            ConversationEventKind.Message => ("message", MessageDocument.Of(next.Message!)),
            ConversationEventKind.Truncated => ("truncated", new TruncatedDocument(next.FirstSequence!.Value)),
            ConversationEventKind.Restarted => ("restarted", new RestartedDocument(next.Position.Life!.Value)),
            ConversationEventKind.Ended => ("ended", (object)new EndedDocument()),
            _ => throw new InvalidOperationException("A feed has no other events."),
        };
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(data, json.GetTypeInfo(data.GetType()));
        ServerSentEvents.Write(response.BodyWriter, next.Position.ToString(), name, bytes);
        _unflushed += bytes.Length;
    }

    /// <summary>Waits until the reader has taken enough of what was written.</summary>
    /// <returns>Whether the reader is still there.</returns>
    private async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        IsFlushing = true;
        ValueTask<FlushResult> flush = response.BodyWriter.FlushAsync(cancellationToken);
        bool isThere = flush.IsCompletedSuccessfully ? !flush.Result.IsCompleted : await WaitAsync(flush.AsTask());
        IsFlushing = false;
        return isThere;
    }

    // A reader that takes nothing is cut: what waits for it is memory, and it can go on behind the last event it had.
    private async Task<bool> WaitAsync(Task<FlushResult> flush)
    {
        try
        {
            return !(await flush.WaitAsync(patience, timeProvider, CancellationToken.None)).IsCompleted;
        }
        catch (TimeoutException)
        {
            response.HttpContext.Abort();
            await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }
}
