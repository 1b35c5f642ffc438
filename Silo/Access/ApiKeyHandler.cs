using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// The authentication scheme of the app: a bearer key names tenant, role and user of its holder. Where no keys are configured the caller is
/// whoever is on this machine. Why somebody is not let in is told when a route asks who it is; health asks no one.
/// </summary>
/// <remarks>It does not log: a line for each refused key would let anybody fill the disk.</remarks>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    UrlEncoder encoder,
    ApiKeyRing configured,
    TenantKeys tenantKeys,
    RefusedKeys refused
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "ApiKey";

    private const string Prefix = "Bearer ";

    private static readonly AuthenticateResult LocalCaller = Success(Caller.Local.ToPrincipal());

    /// <inheritdoc />
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    /// <inheritdoc />
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Exception? failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        Problem problem = failure is null ? SiloProblem.KeyMissing() : ProblemMap.Find(failure) ?? throw failure;
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        }

        await ProblemWriter.WriteAsync(Context, problem);
    }

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemWriter.WriteAsync(Context, SiloProblem.RoleTooLow(AccessPolicies.LeastRole(Context.GetEndpoint())));

    private AuthenticateResult Authenticate()
    {
        StringValues headers = Request.Headers.Authorization;
        if (headers.Count > 1 || headers.ToString().Contains(',', StringComparison.Ordinal))
        {
            return Refuse(SiloProblem.ManyKeys());
        }

        if (!configured.RequiresKeys)
        {
            return LocalRequests.Check(Context) is { } problem ? Refuse(problem) : LocalCaller;
        }

        string header = headers.ToString();
        if (
            !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || header.AsSpan(Prefix.Length).Trim() is not { Length: > 0 } key
        )
        {
            return AuthenticateResult.NoResult();
        }

        try
        {
            return CheckKey(key.ToString());
        }
        catch (Exception failure) when (ProblemMap.Find(failure) is not null)
        {
            // Routes that ask no one answer all the same.
            return AuthenticateResult.Fail(failure);
        }
    }

    private AuthenticateResult CheckKey(string key)
    {
        if (Find(key) is not { } found)
        {
            return Refuse(
                refused.Count(Context.Connection.RemoteIpAddress) is { } pause ? SiloProblem.TooManyKeys(pause) : SiloProblem.KeyUnknown()
            );
        }

        return found.HasExpired(TimeProvider.GetUtcNow()) ? Refuse(SiloProblem.KeyExpired()) : Success(found.Principal);
    }

    private ApiKey? Find(string key)
    {
        if (key.Length is < ApiKey.MinLength or > ApiKey.MaxLength)
        {
            return null;
        }

        KeyHash hash = KeyHash.Of(key);
        return configured.Find(hash) ?? tenantKeys.Find(key, hash);
    }

    private static AuthenticateResult Success(ClaimsPrincipal principal) =>
        AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));

    private static AuthenticateResult Refuse(Problem problem) => AuthenticateResult.Fail(new ProblemException(problem));
}
