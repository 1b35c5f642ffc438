using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api;

/// <summary>Reads request bodies: the content type, the size, the encoding and the JSON are checked before anything is made of them.</summary>
internal static class JsonBody
{
    /// <summary>The content type of requests.</summary>
    public const string ContentType = "application/json";

    /// <summary>The content type that a PATCH may have as well.</summary>
    public const string MergePatchType = "application/merge-patch+json";

    // Each part of a body is allowed 64 levels; around a part there are a few more.
    private const int MaxDepth = 128;

    /// <summary>Reads a whole body.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The document, which the caller disposes.</returns>
    /// <exception cref="ProblemException">The body is no JSON by its content type.</exception>
    /// <exception cref="PayloadTooLargeException">The body is larger than <see cref="HttpOptions.MaxRequestBytes"/>.</exception>
    /// <exception cref="MalformedJsonException">The body is not valid JSON in UTF-8.</exception>
    /// <exception cref="JsonTooDeepException">The body is nested deeper than 128 levels.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        CheckContentType(context.Request);
        long limit = context.RequestServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxRequestBytes;
        CheckLength(context.Request.ContentLength, limit);
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await body.ReadAsync(context.RequestAborted);
            CheckLength(result.Buffer.Length, limit);
            if (result.IsCompleted)
            {
                byte[] bytes = result.Buffer.ToArray();
                body.AdvanceTo(result.Buffer.End);
                return Parse(bytes);
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
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

    private static JsonDocument Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new MalformedJsonException(null, null);
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException failure)
        {
            throw JsonTooDeepException.Find(bytes, "body", MaxDepth) ?? (Exception)MalformedJsonException.Of(failure);
        }
    }

    private static void CheckContentType(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
                || (HttpMethods.IsPatch(request.Method) && type.MediaType.Equals(MergePatchType, StringComparison.OrdinalIgnoreCase)))
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
