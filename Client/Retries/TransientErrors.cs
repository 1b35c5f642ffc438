using Orleans.Runtime.Messaging;
using OrleansMemory.Errors;
using Polly.Timeout;

namespace OrleansMemory.Client.Retries;

/// <summary>Tells failures that pass by themselves from those that do not.</summary>
internal static class TransientErrors
{
    // Silos take longer to come back; a caller that waits this long does not add to the load of those that start.
    private static readonly TimeSpan PauseToMake = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the same call may succeed a little later. Conflicts and invalid requests never do. A cancellation that the caller did not
    /// ask for is Orleans' own: it gives up calls that found no silo before they expired, and enumerations of grains that go away.
    /// </summary>
    /// <param name="cancellationToken">What the caller ends the call with: what it has ended is not transient.</param>
    public static bool IsTransient(Exception failure, CancellationToken cancellationToken) =>
        failure
            is MemoryOverloadedException
                or MemoryUnavailableException
                or TimeoutException
                or OrleansMessageRejectionException
                or EnumerationAbortedException
                or ConnectionFailedException
                or ClientNotAvailableException
                or GatewayTooBusyException
        // Orleans places activations by a Polly pipeline, whose time-out is Polly's own.
        || failure is TimeoutRejectedException
        // Bare, it is what Orleans says at a silo that the others have declared dead and that does not know it yet.
        || failure.GetType() == typeof(OrleansException)
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether a failure says, in the terms of Orleans, that no silo could be reached or answered in time.</summary>
    /// <param name="cancellationToken">What the caller ends the call with.</param>
    /// <returns>Whether a caller is told <see cref="MemoryUnavailableException"/> instead of it.</returns>
    public static bool IsOfOrleans(Exception failure, CancellationToken cancellationToken) =>
        failure is not MemoryException && IsTransient(failure, cancellationToken);

    /// <summary>What a caller is told of a failure of Orleans: one type whatever went wrong between the client and the silos.</summary>
    /// <returns>The error, with the failure inside.</returns>
    public static MemoryUnavailableException ToUnavailable(Exception failure) => MemoryUnavailableException.NoSilo(PauseToMake, failure);
}
