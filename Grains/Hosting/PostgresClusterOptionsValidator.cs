using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The rules across fields of <see cref="PostgresClusterOptions"/>.</summary>
internal sealed class PostgresClusterOptionsValidator : IValidateOptions<PostgresClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresClusterOptions options)
    {
        var failures = new List<string>();
        if (options.SiloPort == options.GatewayPort)
        {
            failures.Add("PostgresClusterOptions.SiloPort and GatewayPort must differ.");
        }

        bool isAddress = IPAddress.TryParse(options.AdvertisedAddress, out IPAddress? address);
        if (options.AdvertisedAddress is not null && !isAddress && Uri.CheckHostName(options.AdvertisedAddress) != UriHostNameType.Dns)
        {
            failures.Add("PostgresClusterOptions.AdvertisedAddress must be an IP address or the name of a host.");
        }

        if (isAddress && (address!.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            failures.Add(
                "PostgresClusterOptions.AdvertisedAddress must be one address that others can reach. To listen on all of them, set ListenOnAnyAddress."
            );
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
