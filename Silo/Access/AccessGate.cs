using System.Net;
using Microsoft.Net.Http.Headers;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Lets a request in and names its tenant: the one of its API key, be it configured or set by the tenant, or, where no keys are
/// configured, <c>default</c> for callers on this machine. Health answers everybody; it tells nothing else.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, ApiKeyRing keys, TenantKeys tenantKeys)
{
    /// <summary>The tenant of callers on this machine where no keys are configured.</summary>
    public const string LocalTenant = "default";

    private const string Scheme = "Bearer ";

    /// <summary>Passes the request on or answers it.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that ends with the request.</returns>
    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        PathString path = context.Request.Path;
        if (path.StartsWithSegments("/health", StringComparison.Ordinal)
            || (!keys.IsEmpty && path.StartsWithSegments("/openapi", StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        Problem? refusal = keys.IsEmpty ? CheckLocal(context) : await CheckKeyAsync(context);
        await (refusal is null ? next(context) : ProblemWriter.WriteAsync(context, refusal));
    }

    // The name is checked as well as the address: a web page whose name was pointed at this machine also calls from it.
    private static Problem? CheckLocal(HttpContext context)
    {
        IPAddress? remote = context.Connection.RemoteIpAddress;
        string host = context.Request.Host.Host;
        bool isLocal = (remote is null || IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote))
            && (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));
        if (!isLocal)
        {
            return SiloProblem.LoopbackOnly();
        }

        context.Features.Set(new CallerTenant(LocalTenant));
        return null;
    }

    private async ValueTask<Problem?> CheckKeyAsync(HttpContext context)
    {
        string? header = context.Request.Headers[HeaderNames.Authorization];
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length == Scheme.Length)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            return SiloProblem.KeyMissing();
        }

        string key = header[Scheme.Length..].Trim();
        string? tenant = keys.FindTenant(key) ?? await tenantKeys.FindTenantAsync(key, context.RequestAborted);
        if (tenant is null)
        {
            return SiloProblem.KeyUnknown();
        }

        context.Features.Set(new CallerTenant(tenant));
        return null;
    }
}

/// <summary>The tenant that a request may see.</summary>
/// <param name="Tenant">The tenant.</param>
internal sealed record CallerTenant(string Tenant);
