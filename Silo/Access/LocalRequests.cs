using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Tells the requests of this machine from those that only seem to be: forwarded by a proxy that runs here, made by a web page of another
/// site, or addressed to another name. Where no keys are configured that is all that stands before the data.
/// </summary>
internal static class LocalRequests
{
    private const string FetchSite = "Sec-Fetch-Site";

    private static readonly string[] ForwardingPrefixes = ["X-Forwarded", "X-Original-", "X-Envoy-", "CF-"];

    private static readonly HashSet<string> ForwardingHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Client-IP",
        "Client-IP",
        "True-Client-IP",
        "X-Cluster-Client-IP",
        "Fastly-Client-IP",
        "X-ProxyUser-Ip",
        "X-Remote-IP",
        "X-Remote-Addr",
        "X-Host",
        "X-Azure-ClientIP",
        "X-Amzn-Trace-Id",
        "X-Cloud-Trace-Context",
    };

    /// <summary>Checks a request.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when it comes straight from this machine.</returns>
    public static Problem? Check(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!IsLocal(context.Connection.RemoteIpAddress) || !IsOurName(request.Host.Host))
        {
            return SiloProblem.LoopbackOnly();
        }

        if (IsForwarded(request.Headers))
        {
            return SiloProblem.Forwarded();
        }

        return IsFromElsewhere(request) ? SiloProblem.CrossSite() : null;
    }

    private static bool IsLocal(IPAddress? remote) =>
        remote is null || IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote);

    // The name is checked as well as the address: a web page whose name was pointed at this machine also calls from it.
    private static bool IsOurName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach ((string name, StringValues _) in headers)
        {
            if (
                ForwardingHeaders.Contains(name)
                || ForwardingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            )
            {
                return true;
            }
        }

        return false;
    }

    // Browsers say by themselves which site has made a request: "none" is the person at the browser.
    private static bool IsFromElsewhere(HttpRequest request)
    {
        StringValues site = request.Headers[FetchSite];
        StringValues origin = request.Headers[HeaderNames.Origin];
        return (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
            || (
                origin.Count > 0
                && !origin.ToString().Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            );
    }
}
