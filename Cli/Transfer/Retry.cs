using System.Net;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer;

/// <summary>
/// Does again what a lost connection or a busy silo may have prevented. Only for calls that may be repeated. Where no silo has ever
/// answered there is none, and no caller waits for it.
/// </summary>
/// <param name="pause">How long before the second attempt; each further one waits twice as long.</param>
internal sealed class Retry(TimeSpan pause)
{
    private const int MaxAttempts = 6;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private volatile bool _hasAnswered;

    /// <summary>Does it.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="call">Does it once.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<T> ExecuteAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                T result = await call();
                _hasAnswered = true;
                return result;
            }
            catch (Exception failure)
                when (attempt < MaxAttempts
                    && IsTransient(failure)
                    && (_hasAnswered || failure is not HttpRequestException)
                    && !cancellationToken.IsCancellationRequested
                )
            {
                await Task.Delay(PauseAfter(failure, attempt), cancellationToken);
            }
        }
    }

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsTransient(Exception failure) =>
        failure switch
        {
            HttpRequestException or HttpIOException or CutAnswerException => true,
            MemoryHttpException http => (HttpStatusCode)http.StatusCode
                is HttpStatusCode.TooManyRequests
                    or HttpStatusCode.BadGateway
                    or HttpStatusCode.ServiceUnavailable
                    or HttpStatusCode.GatewayTimeout,
            _ => false,
        };

    private TimeSpan PauseAfter(Exception failure, int attempt)
    {
        TimeSpan own = pause * Math.Pow(2, attempt - 1);
        TimeSpan asked = failure is MemoryHttpException<ProblemDocument> { Result.RetryAfterSeconds: { } seconds }
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
        TimeSpan longer = own > asked ? own : asked;
        return longer < LongestPause ? longer : LongestPause;
    }
}
