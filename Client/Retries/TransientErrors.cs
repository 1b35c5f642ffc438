using Orleans.Runtime.Messaging;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Retries;

/// <summary>Tells failures that pass by themselves from those that do not.</summary>
internal static class TransientErrors
{
    /// <summary>
    /// Whether the same call may succeed a little later. Conflicts and invalid requests never do. A cancellation that the caller did not ask for is Orleans' own: it
    /// gives up calls that found no silo before they expired, and enumerations of grains that go away.
    /// </summary>
    /// <param name="failure">The failure.</param>
    /// <param name="cancellationToken">What the caller ends the call with: what it has ended is not transient.</param>
    /// <returns>Whether it is transient.</returns>
    public static bool IsTransient(Exception failure, CancellationToken cancellationToken) =>
        failure is MemoryOverloadedException or MemoryUnavailableException or TimeoutException or OrleansMessageRejectionException
            or EnumerationAbortedException or ConnectionFailedException or ClientNotAvailableException or GatewayTooBusyException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
