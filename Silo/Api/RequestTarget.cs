using Microsoft.AspNetCore.Http.Features;
using OrleansMemory.Client;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>Reads from a request which conversation, entry and turn it is about.</summary>
internal static class RequestTarget
{
    /// <summary>The header that names a turn whose body does not.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The conversation of this id that the caller may see.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The id is not valid.</exception>
    public static Conversation Conversation(HttpContext context, string id) =>
        context.RequestServices.GetRequiredService<ConversationClient>().Get(Tenant(context), id);

    /// <summary>Refuses a conversation that there is not.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that ends when it is known that there is one.</returns>
    /// <exception cref="ConversationNotFoundException">There is none, or it has expired.</exception>
    public static async Task RequireAsync(Conversation conversation, HttpContext context) =>
        _ = await conversation.GetHeadAsync(context.RequestAborted) ?? throw new ConversationNotFoundException(conversation.Key);

    /// <summary>The tenant whose conversations the caller may see.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException">The caller is an operator and has named none.</exception>
    public static string Tenant(HttpContext context) =>
        context.Features.GetRequiredFeature<Caller>().Tenant ?? throw new ProblemException(SiloProblem.TenantMissing());

    /// <summary>The tenant whose conversations the caller may see.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The tenant; <see langword="null"/> for a request that no tenant makes, health for one.</returns>
    public static string? TenantOrNull(HttpContext context) => context.Features.Get<Caller>()?.Tenant;

    /// <summary>The user that a request is about. A caller who is bound to one need not name it.</summary>
    /// <param name="named">The user that the request names; <see langword="null"/> where it names none.</param>
    /// <returns>The user; <see langword="null"/> for none.</returns>
    /// <exception cref="UserNotAllowedException">The caller is bound to another user.</exception>
    public static string? User(HttpContext context, string? named)
    {
        string? bound = context.Features.GetRequiredFeature<Caller>().User;
        return named is null || bound is null || named.Equals(bound, StringComparison.Ordinal)
            ? named ?? bound
            : throw new UserNotAllowedException();
    }

    /// <summary>The turn id of the header.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The id; <see langword="null"/> without the header.</returns>
    /// <exception cref="InvalidRequestException">The header is empty or stands there twice.</exception>
    public static string? TurnIdOrNull(HttpContext context)
    {
        var values = context.Request.Headers[IdempotencyKey];
        return values.Count switch
        {
            0 => null,
            1 when !string.IsNullOrWhiteSpace(values[0]) => values[0],
            _ => throw new InvalidRequestException(IdempotencyKey, "This header holds one id, 1 to 256 characters."),
        };
    }

    /// <summary>The turn id of the header, or a new one.</summary>
    /// <param name="context">The request.</param>
    public static string TurnId(HttpContext context) => TurnIdOrNull(context) ?? OrleansMemory.Client.Conversation.NewTurnId();

    /// <summary>
    /// A segment of the path, counted from its end, with every escape resolved. Routing leaves <c>%2F</c> as it is, so that its values
    /// cannot tell an escaped slash from the text "%2F". <see cref="Check"/> has made sure that both speak of the same segments.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="fromEnd">0 for the last segment, 1 for the one before.</param>
    /// <param name="routed">The value as routing has it, for servers that do not keep the request line.</param>
    public static string Segment(HttpContext context, int fromEnd, string routed) =>
        WrittenPath(context)?.TrimEnd('/').Split('/') is { } segments && segments.Length > fromEnd + 1
            ? Uri.UnescapeDataString(segments[^(fromEnd + 1)])
            : routed;

    /// <summary>
    /// Refuses a request whose path the server has understood otherwise than it was written: it removes <c>.</c> and <c>..</c>, escaped
    /// ones too, so that routing would choose another route, or another conversation, than the one that is named.
    /// </summary>
    /// <exception cref="InvalidRequestException">The path has a segment <c>.</c> or <c>..</c>, or escapes that are not valid.</exception>
    public static void Check(HttpContext context)
    {
        // Of a path without escapes and steps there is one reading; nearly every request has one.
        if (
            WrittenPath(context) is not { } written
            || !(written.Contains('%', StringComparison.Ordinal) || written.Contains("/.", StringComparison.Ordinal))
        )
        {
            return;
        }

        string understood = context.Request.PathBase.Value + context.Request.Path.Value;
        IEnumerable<string> segments = written.Split('/').Select(Understand);
        if (!segments.SequenceEqual(understood.Split('/'), StringComparer.Ordinal))
        {
            throw new InvalidRequestException(
                "path",
                "A segment of the path is '.' or '..', written or escaped, or has an escape that is not valid UTF-8. No name can be '.' or '..'."
            );
        }
    }

    /// <summary>The path as the caller has written it, still escaped; <see langword="null"/> where the server has not kept it.</summary>
    private static string? WrittenPath(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? string.Empty;
        if (!target.StartsWith('/'))
        {
            // The absolute form, which proxies use; anything else has no path.
            int authority = target.IndexOf("://", StringComparison.Ordinal);
            int path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            target = path < 0 ? string.Empty : target[path..];
        }

        return target.Length == 0 ? null : target.Split('?', 2)[0];
    }

    // As the server resolves escapes: an escaped slash stays escaped.
    private static string Understand(string segment) =>
        segment.Contains('%', StringComparison.Ordinal)
            ? Uri.UnescapeDataString(
                segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)
            )
            : segment;
}
