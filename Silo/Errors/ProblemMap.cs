using OrleansMemory.AspNetCore;
using Polly.Timeout;

namespace OrleansMemory.Silo.Errors;

/// <summary>Says which problem an exception is: one of the memory's, or one of the HTTP surface itself.</summary>
internal static class ProblemMap
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);

    private static Problem Unavailable =>
        new(
            503,
            "unavailable",
            "The conversation did not answer in time",
            "Send the same request again after a pause; a turn id makes that safe."
        )
        {
            RetryAfter = ShortPause,
        };

    /// <summary>The problem of an exception.</summary>
    /// <returns>The problem; <see langword="null"/> when it is none that we know.</returns>
    public static Problem? Find(Exception failure) =>
        failure switch
        {
            ProblemException known => known.Problem,
            TimeoutException or TimeoutRejectedException or OrleansMessageRejectionException or EnumerationAbortedException => Unavailable,

            // Bare, it is what Orleans says at a silo that the others have declared dead and that does not know it yet.
            _ when failure.GetType() == typeof(OrleansException) => Unavailable,
            BadHttpRequestException bad => new Problem(
                bad.StatusCode,
                "bad-request",
                "The request is not valid HTTP",
                "The request could not be read."
            ),
            _ => MemoryProblems.Find(failure),
        };
}
