using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>
/// Reads request bodies: the content type, the size, the encoding and the JSON are checked before anything is made of them.
/// </summary>
internal static class JsonBody
{
    /// <summary>The content type of requests.</summary>
    public const string ContentType = "application/json";

    /// <summary>The content type of one JSON object a line.</summary>
    public const string LinesType = "application/x-ndjson";

    /// <summary>The content type that a PATCH may have as well.</summary>
    public const string MergePatchType = "application/merge-patch+json";

    /// <summary>Reads a whole body.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The value, which the caller disposes before it answers.</returns>
    /// <exception cref="ProblemException">
    /// The body is no JSON by its content type, or the budget for bodies in flight is used up.
    /// </exception>
    /// <exception cref="PayloadTooLargeException">
    /// The body is larger than <see cref="HttpOptions.MaxRequestBytes"/>, or has more than <see cref="HttpOptions.MaxRequestTokens"/>
    /// tokens.
    /// </exception>
    /// <exception cref="MalformedJsonException">The body is not valid JSON in UTF-8.</exception>
    /// <exception cref="JsonTooDeepException">The body is nested deeper than 128 levels.</exception>
    public static async Task<RequestJson> ReadAsync(HttpContext context)
    {
        CheckContentType(context.Request);
        HttpOptions limits = context.RequestServices.GetRequiredService<IOptions<HttpOptions>>().Value;
        CheckLength(context.Request.ContentLength, limits.MaxRequestBytes);
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await NextAsync(body, context.RequestAborted);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (buffer.Length > BodyBudget.SmallBytes || (result.IsCompleted && !buffer.IsSingleSegment))
            {
                return await GatherAsync(context, limits, result);
            }

            if (result.IsCompleted)
            {
                return RequestJson.Of(body, buffer, limits.MaxRequestBytes);
            }

            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Counts an import in the budget: it holds one message at a time, and what the work on it takes.</summary>
    /// <param name="context">The request.</param>
    /// <returns>What it takes, to be disposed with the import.</returns>
    /// <exception cref="ProblemException">There is not so much left.</exception>
    public static BodyLease LeaseImport(HttpContext context)
    {
        IServiceProvider services = context.RequestServices;
        BodyLease lease = services.GetRequiredService<BodyBudget>().Lease(RequestTarget.Tenant(context));
        lease.Raise(
            GatheredBody.WorkFactor
                * (long)
                    Math.Min(
                        services.GetRequiredService<IOptions<ConversationOptions>>().Value.MaxMessageBytes,
                        services.GetRequiredService<IOptions<HttpOptions>>().Value.MaxRequestBytes
                    )
        );
        return lease;
    }

    /// <summary>Opens a body that is read bit by bit.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The body; reading it past <see cref="HttpOptions.MaxImportBytes"/> fails.</returns>
    /// <exception cref="ProblemException">The body is no JSON by its content type.</exception>
    /// <exception cref="PayloadTooLargeException">The body announces more than the limit.</exception>
    public static Stream OpenImport(HttpContext context)
    {
        CheckContentType(context.Request);
        long limit = context.RequestServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxImportBytes;
        CheckLength(context.Request.ContentLength, limit);
        return new LimitedStream(context.Request.Body, limit);
    }

    /// <summary>Opens the body of an import that is one JSON object a line.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The body; reading it past <see cref="HttpOptions.MaxImportBytes"/> fails.</returns>
    /// <exception cref="ProblemException">The body is no JSON lines by its content type.</exception>
    /// <exception cref="PayloadTooLargeException">The body announces more than the limit.</exception>
    public static Stream OpenLines(HttpContext context)
    {
        bool isLines =
            MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals(LinesType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isLines)
        {
            throw new ProblemException(SiloProblem.NotJsonLines());
        }

        long limit = context.RequestServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxImportBytes;
        CheckLength(context.Request.ContentLength, limit);
        return new LimitedStream(context.Request.Body, limit);
    }

    /// <summary>
    /// Whether the server failed at what it should have refused: it does so at trailers, the headers behind a chunked body, that are not
    /// UTF-8, and at sizes of chunks beyond every range. A connection that has gone meanwhile is such a failure as well, and its answer is
    /// not read.
    /// </summary>
    /// <param name="failure">The failure of a read.</param>
    public static bool IsUnreadable(Exception failure) =>
        failure is InvalidOperationException or (IOException and not BadHttpRequestException);

    /// <summary>What such a failure is answered with.</summary>
    /// <returns>The error.</returns>
    public static BadHttpRequestException Unreadable(Exception failure) =>
        new("The body could not be read.", StatusCodes.Status400BadRequest, failure);

    // A body that does not lie in one piece in the connection's buffer: a longer one, most likely.
    private static async Task<RequestJson> GatherAsync(HttpContext context, HttpOptions limits, ReadResult result)
    {
        BodyBudget budget = context.RequestServices.GetRequiredService<BodyBudget>();
        var gathered = new GatheredBody(budget.Lease(RequestTarget.Tenant(context)), limits.MaxRequestBytes, limits.MaxRequestTokens);
        try
        {
            PipeReader body = context.Request.BodyReader;
            while (true)
            {
                try
                {
                    gathered.Append(result.Buffer);
                }
                finally
                {
                    // Also of a body that is refused: what is left of it must be readable for the connection to go on.
                    body.AdvanceTo(result.Buffer.End);
                }

                if (result.IsCompleted)
                {
                    gathered.Complete();
                    return RequestJson.Of(gathered);
                }

                result = await NextAsync(body, context.RequestAborted);
            }
        }
        catch
        {
            gathered.Dispose();
            throw;
        }
    }

    private static async ValueTask<ReadResult> NextAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            throw Unreadable(failure);
        }
    }

    private static void CheckContentType(HttpRequest request)
    {
        bool isJson =
            MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (
                type.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
                || (HttpMethods.IsPatch(request.Method) && type.MediaType.Equals(MergePatchType, StringComparison.OrdinalIgnoreCase))
            )
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(SiloProblem.NotJson());
        }
    }

    private static void CheckLength(long? length, long limit)
    {
        if (length > limit)
        {
            throw new PayloadTooLargeException("body", length.Value, limit, "bytes");
        }
    }
}
