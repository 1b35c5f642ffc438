using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using OrleansMemory.Errors;
using OrleansMemory.Retries;
using Polly;
using Polly.Retry;

namespace OrleansMemory.Client.Retries;

/// <summary>
/// Repeats calls that failed in passing. Only for calls that may be made twice: reads, turns under one turn id, and the steps of forks and
/// imports.
/// </summary>
internal sealed class TransientRetry
{
    private static readonly ResiliencePropertyKey<long> Started = new("started");
    private static readonly ResiliencePropertyKey<TimeSpan> Pause = new("pause");
    private static readonly ResiliencePropertyKey<Exception?> First = new("first");

    private readonly ConversationClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="logger">Where repetitions are logged.</param>
    /// <param name="random">Gives numbers from 0 to below 1, for the random half of a pause.</param>
    public TransientRetry(ConversationClientOptions options, TimeProvider time, ILogger logger, Func<double> random)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _random = random;
        _pipeline =
            options.MaxRetries == 0
                ? ResiliencePipeline.Empty
                : new ResiliencePipelineBuilder { TimeProvider = time }
                    .AddRetry(
                        new RetryStrategyOptions
                        {
                            MaxRetryAttempts = options.MaxRetries,
                            ShouldHandle = ShouldRepeat,
                            DelayGenerator = args =>
                                ValueTask.FromResult<TimeSpan?>(args.Context.Properties.GetValue(Pause, TimeSpan.Zero)),
                            OnRetry = Log,
                        }
                    )
                    .Build();
    }

    /// <summary>The longest pause, unless the grain asks for a longer one.</summary>
    public TimeSpan LongestPause => _options.MaxRetryDelay;

    /// <summary>How long to wait before something that may last long is tried again.</summary>
    /// <param name="repetition">How often it has been repeated since it last went well.</param>
    /// <param name="elapsed">How long ago it failed for the first time since.</param>
    /// <param name="failure">What it failed with now.</param>
    /// <returns>The pause; <see langword="null"/> when it is time to give up.</returns>
    public TimeSpan? PauseBefore(int repetition, TimeSpan elapsed, Exception failure)
    {
        TimeSpan pause = PauseAfter(failure, repetition);
        if (repetition >= _options.MaxRetries || elapsed + pause > _options.MaxRetryTime)
        {
            return null;
        }

        RetryLog.Repeating(_logger, repetition + 1, pause.TotalMilliseconds, failure.GetType().Name);
        return pause;
    }

    /// <summary>Makes a call, and makes it again after transient failures.</summary>
    /// <typeparam name="TState">What the call needs.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="call">The call, which may be made more than once.</param>
    /// <param name="state">What the call needs.</param>
    /// <param name="cancellationToken">Ends the call and the pauses.</param>
    /// <returns>What the first successful call returned.</returns>
    /// <exception cref="MemoryUnavailableException">
    /// The store, or every silo, could not be reached; Orleans' own failure, if it is one, is inside.
    /// </exception>
    public async Task<TResult> ExecuteAsync<TState, TResult>(
        Func<TState, CancellationToken, Task<TResult>> call,
        TState state,
        CancellationToken cancellationToken
    )
    {
        long started = _time.GetTimestamp();
        Exception first;
        try
        {
            // Nearly every call is answered at once: only one that has failed pays for the pipeline.
            return await call(state, cancellationToken);
        }
        catch (Exception failure) when (TransientErrors.IsTransient(failure, cancellationToken))
        {
            first = failure;
        }

        return await RepeatAsync(call, state, first, started, cancellationToken);
    }

    /// <summary>Repeats a call whose first attempt has failed; the pipeline counts that one, too.</summary>
    private async Task<TResult> RepeatAsync<TState, TResult>(
        Func<TState, CancellationToken, Task<TResult>> call,
        TState state,
        Exception first,
        long started,
        CancellationToken cancellationToken
    )
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Started, started);
        context.Properties.Set(First, first);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, args) =>
                {
                    try
                    {
                        if (context.Properties.GetValue(First, null) is { } failed)
                        {
                            context.Properties.Set(First, null);
                            ExceptionDispatchInfo.Throw(failed);
                        }

                        return await args.call(args.state, context.CancellationToken);
                    }
                    catch (OperationCanceledException cancelled) when (!context.CancellationToken.IsCancellationRequested)
                    {
                        // The caller has cancelled nothing: it is a time-out like any other, and repeated like one.
                        throw new TimeoutException(
                            "Orleans gave the call up before a silo answered it. Sending it again is safe.",
                            cancelled
                        );
                    }
                },
                context,
                (call, state)
            );
        }
        catch (Exception failure) when (TransientErrors.IsOfOrleans(failure, cancellationToken))
        {
            throw TransientErrors.ToUnavailable(failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ValueTask<bool> ShouldRepeat(RetryPredicateArguments<object> args)
    {
        if (args.Outcome.Exception is not { } failure || !TransientErrors.IsTransient(failure, args.Context.CancellationToken))
        {
            return ValueTask.FromResult(false);
        }

        // A pause that would end after the time limit only delays the bad news.
        TimeSpan pause = PauseAfter(failure, args.AttemptNumber);
        args.Context.Properties.Set(Pause, pause);
        TimeSpan elapsed = _time.GetElapsedTime(args.Context.Properties.GetValue(Started, 0));
        return ValueTask.FromResult(elapsed + pause <= _options.MaxRetryTime);
    }

    private TimeSpan PauseAfter(Exception failure, int attempt)
    {
        TimeSpan asked = failure switch
        {
            MemoryOverloadedException overloaded => overloaded.RetryAfter,
            MemoryUnavailableException unavailable => unavailable.RetryAfter,
            _ => TimeSpan.Zero,
        };
        TimeSpan grown = Backoff.Grown(_options.RetryDelay, _options.MaxRetryDelay, attempt);
        TimeSpan own = Backoff.Jittered(grown, _random());
        return own + TimeSpan.FromTicks(Math.Max(0, asked.Ticks - (grown / 2).Ticks));
    }

    private ValueTask Log(OnRetryArguments<object> args)
    {
        RetryLog.Repeating(_logger, args.AttemptNumber + 1, args.RetryDelay.TotalMilliseconds, args.Outcome.Exception!.GetType().Name);
        return ValueTask.CompletedTask;
    }
}
