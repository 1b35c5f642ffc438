using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Api.Bodies;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>
/// The OpenAPI document as it is sent: made for the first request that asks for it and kept, since it is the same for all. To make it takes
/// far longer than to send it, and where there are keys it is sent to callers without one.
/// </summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    /// <summary>Its name.</summary>
    public const string Name = "v1";

    /// <summary>Where it is.</summary>
    public const string Path = $"/openapi/{Name}.json";

    private readonly Lazy<Task<Written>> _written = new(() => MakeAsync(services));

    /// <summary>Answers with the document, or with 304 where the caller has it.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that ends when it is written.</returns>
    public async Task WriteAsync(HttpContext context)
    {
        Written written = await _written.Value.WaitAsync(context.RequestAborted);
        await TypedResults.Bytes(written.Bytes, JsonBody.ContentType, entityTag: written.Tag).ExecuteAsync(context);
    }

    private static async Task<Written> MakeAsync(IServiceProvider services)
    {
        OpenApiDocument document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        byte[] bytes = stream.ToArray();
        return new Written(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
    }

    private sealed record Written(byte[] Bytes, EntityTagHeaderValue Tag);
}
