using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Refuses ports that others than this machine reach and that are neither encrypted nor said to be meant so. It looks at what is listened
/// on, whoever has set it.
/// </summary>
/// <param name="cluster">Our options.</param>
internal sealed class PlaintextCheck(IOptions<PostgresClusterOptions> cluster) : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        PostgresClusterOptions ours = cluster.Value;
        if (ours.Tls.IsOn || ours.AllowPlaintext)
        {
            return ValidateOptionsResult.Success;
        }

        bool isOpen =
            IsOpen(options.SiloListeningEndpoint?.Address ?? options.AdvertisedIPAddress)
            || (options.GatewayPort != 0 && IsOpen(options.GatewayListeningEndpoint?.Address ?? options.AdvertisedIPAddress));
        return isOpen
            ? ValidateOptionsResult.Fail(
                "The ports for silos and clients would be in plaintext on an address that other machines reach, and let anybody in as any tenant. Set ClusterTlsOptions.CertificatePath and "
                    + "ClusterTlsOptions.AuthorityPath, so that every peer needs a certificate; or, where the network itself encrypts and keeps others out, PostgresClusterOptions.AllowPlaintext to true; "
                    + "or, for silos of one machine, PostgresClusterOptions.AdvertisedAddress to 127.0.0.1."
            )
            : ValidateOptionsResult.Success;
    }

    private static bool IsOpen(IPAddress? address) => address is not null && !IPAddress.IsLoopback(address);
}
