using Microsoft.Net.Http.Headers;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Errors;

/// <summary>Errors of the HTTP surface that no exception of the memory stands for.</summary>
internal static class SiloProblem
{
    /// <summary>No key, and keys are required.</summary>
    public static Problem KeyMissing() =>
        new(
            StatusCodes.Status401Unauthorized,
            "key-missing",
            "An API key is required",
            "Send the header 'Authorization: Bearer' with an API key."
        );

    /// <summary>A key that does not exist.</summary>
    public static Problem KeyUnknown() =>
        new(StatusCodes.Status403Forbidden, "key-unknown", "The API key is not known", "This API key opens nothing here.");

    /// <summary>A key whose time is over.</summary>
    public static Problem KeyExpired() =>
        new(StatusCodes.Status403Forbidden, "key-expired", "The API key has expired", "Ask whoever gave it to you for another one.");

    /// <summary>Several keys in one request.</summary>
    public static Problem ManyKeys() =>
        new(
            StatusCodes.Status400BadRequest,
            "invalid-request",
            "The request is not valid",
            "A request has one Authorization header with one value."
        )
        {
            Members = [("parameter", HeaderNames.Authorization)],
        };

    /// <summary>One unknown key too many from an address.</summary>
    /// <param name="pause">When the next one is answered otherwise.</param>
    public static Problem TooManyKeys(TimeSpan pause) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-refused-keys",
            "Too many unknown API keys",
            "Too many unknown API keys came from this address. A known one is served all the same."
        )
        {
            RetryAfter = pause,
        };

    /// <summary>A role that does not reach.</summary>
    public static Problem RoleTooLow(AccessRole least) =>
        new(
            StatusCodes.Status403Forbidden,
            "role-too-low",
            "The API key may not do this",
            $"This takes a key with the role {least} or a higher one."
        )
        {
            Members = [("role", least.ToString())],
        };

    /// <summary>A tenant that the caller may not choose.</summary>
    public static Problem TenantNotYours() =>
        new(
            StatusCodes.Status403Forbidden,
            "tenant-not-yours",
            "The API key does not choose its tenant",
            $"Only operators name a tenant in the header {AccessHeaders.Tenant}. Leave the header out: the key names the tenant."
        );

    /// <summary>An operator who has named no tenant where one is needed.</summary>
    public static Problem TenantMissing() =>
        new(
            StatusCodes.Status400BadRequest,
            "invalid-request",
            "The request is not valid",
            $"This key is for no tenant of its own: name one in the header {AccessHeaders.Tenant}."
        )
        {
            Members = [("parameter", AccessHeaders.Tenant)],
        };

    /// <summary>A request that came through a proxy, without keys configured.</summary>
    public static Problem Forwarded() =>
        new(
            StatusCodes.Status403Forbidden,
            "forwarded",
            "Forwarded requests are not served",
            "No API keys are configured, so only calls that come straight from this machine are served. Configure OrleansMemory:ApiKeys to serve others through a proxy."
        );

    /// <summary>A request that a web page of another site has made, without keys configured.</summary>
    public static Problem CrossSite() =>
        new(
            StatusCodes.Status403Forbidden,
            "cross-site",
            "Pages of other sites are not served",
            "No API keys are configured, and this request was made by a page of another site. Configure OrleansMemory:ApiKeys to serve it."
        );

    /// <summary>A call from elsewhere, without keys configured.</summary>
    public static Problem LoopbackOnly() =>
        new(
            StatusCodes.Status403Forbidden,
            "loopback-only",
            "Only this machine is served",
            "No API keys are configured, so only calls from this machine to 127.0.0.1, [::1] or localhost are served. Configure OrleansMemory:ApiKeys to serve others."
        );

    /// <summary>A body of another kind than JSON.</summary>
    public static Problem NotJson() =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            "unsupported-media-type",
            "The content type is not supported",
            "Send the body as 'Content-Type: application/json' in UTF-8."
        );

    /// <summary>More bytes of request bodies at a time than the budget has.</summary>
    /// <param name="limit">How many bytes it has.</param>
    public static Problem BodiesInFlight(string whose, long limit) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-bytes-in-flight",
            "Too many bytes of request bodies at a time",
            FormattableString.Invariant(
                $"The request bodies of {whose} that are being worked on may take {limit} bytes together. Send fewer at a time, smaller ones, or this one again after a pause."
            )
        )
        {
            RetryAfter = TimeSpan.FromSeconds(1),
            Members = [("limit", limit)],
        };

    /// <summary>More requests at a time than there may be.</summary>
    /// <param name="whose">Whose limit it is.</param>
    public static Problem TooManyRequests(string whose, int limit) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-requests",
            "Too many requests at a time",
            FormattableString.Invariant(
                $"There may be {limit} requests of {whose} here at a time. Wait for answers before you send more, or send this one again after a pause."
            )
        )
        {
            RetryAfter = TimeSpan.FromSeconds(1),
            Members = [("limit", (long)limit)],
        };

    /// <summary>More requests a second than a tenant may send.</summary>
    /// <param name="pause">After which it may send one.</param>
    public static Problem TooManyRequestsPerSecond(int limit, TimeSpan pause) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-requests-per-second",
            "Too many requests a second",
            FormattableString.Invariant($"This tenant may send {limit} requests a second. Send this one again after a pause.")
        )
        {
            RetryAfter = pause,
            Members = [("limit", (long)limit)],
        };

    /// <summary>More live feeds at a time than there may be.</summary>
    /// <param name="whose">Whose limit it is.</param>
    public static Problem TooManyFeeds(string whose, int limit) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-feeds",
            "Too many live feeds at a time",
            FormattableString.Invariant(
                $"There may be {limit} live feeds of {whose} at a time. Close one that is not read any more, or ask for pages instead."
            )
        )
        {
            RetryAfter = TimeSpan.FromSeconds(10),
            Members = [("limit", (long)limit)],
        };

    /// <summary>The body is not JSON lines.</summary>
    public static Problem NotJsonLines() =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            "unsupported-media-type",
            "The content type is not supported",
            "Send the body as 'Content-Type: application/x-ndjson' in UTF-8, one JSON object a line."
        );

    /// <summary>No such route.</summary>
    public static Problem NoRoute() =>
        new(
            StatusCodes.Status404NotFound,
            "route-not-found",
            "There is nothing at this path",
            "See /openapi/v1.json for the paths that exist."
        );

    /// <summary>A route, but not for this method.</summary>
    public static Problem NoMethod() =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            "method-not-allowed",
            "This path has no such method",
            "The header Allow names the methods that it has."
        );

    /// <summary>A turn that was not committed, or whose id has been forgotten.</summary>
    public static Problem NoTurn() =>
        new(
            StatusCodes.Status404NotFound,
            "turn-not-found",
            "There is no such turn",
            "No turn of this id was committed here, or its id is no longer kept."
        );

    /// <summary>A conversation without this entry.</summary>
    public static Problem NoEntry() =>
        new(
            StatusCodes.Status404NotFound,
            "entry-not-found",
            "There is no such entry",
            "The conversation has no such entry, or it has expired."
        );

    /// <summary>A feed that is asked for while the silo stops.</summary>
    public static Problem Stopping() =>
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "The silo is stopping", "Send the same request again after a pause.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    /// <summary>A conversation without this working memory.</summary>
    public static Problem NoWorkingMemory() =>
        new(
            StatusCodes.Status404NotFound,
            "working-memory-not-found",
            "There is no such working memory",
            "The conversation has no working memory of this type, or it has expired."
        );

    /// <summary>A conversation without a program's memory.</summary>
    public static Problem NoMemoryObject() =>
        new(
            StatusCodes.Status404NotFound,
            "memory-object-not-found",
            "There is no program memory",
            "No program has been run in this conversation."
        );

    /// <summary>A fault of ours.</summary>
    /// <param name="faultId">What the log of the silo that failed has the cause under, if it is another one.</param>
    public static Problem Internal(string? faultId) =>
        new(
            StatusCodes.Status500InternalServerError,
            "internal-error",
            "Something went wrong here",
            "The log of the silo says more. Look there for the traceId, and for the faultId where there is one."
        )
        {
            Members = [("faultId", faultId)],
        };
}
