using Orleans.Runtime.Messaging;

namespace OrleansMemory.Client.Retries;

/// <summary>What only a cluster can fail with.</summary>
internal static class HostErrors
{
    /// <summary>Whether a failure passes when silos come back or the client reconnects.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>Whether it is transient.</returns>
    public static bool IsTransient(Exception failure) =>
        failure is ConnectionFailedException or ClientNotAvailableException or GatewayTooBusyException;
}
