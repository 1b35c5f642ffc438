using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>
/// The API's reference as a page: Scalar, which reads the OpenAPI document and sends requests from the browser. All of it comes from the
/// silo.
/// </summary>
internal static class DocsPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/docs";

    private static readonly object NonceKey = new();

    /// <summary>Maps the page and its script.</summary>
    /// <returns>The routes.</returns>
    public static IEndpointConventionBuilder MapDocs(this WebApplication app)
    {
        IEndpointConventionBuilder page = app.MapScalarApiReference(Path, Configure);
        page.Add(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } serve)
            {
                endpoint.RequestDelegate = context =>
                {
                    Protect(context);
                    return serve(context);
                };
            }
        });
        return page;
    }

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        options
            .WithTitle("OrleansMemory")
            .WithOpenApiRoutePattern(ApiDocument.Path.Replace(ApiDocument.Name, "{documentName}", StringComparison.Ordinal))
            .AddDocument(ApiDocument.Name);
        options.WithNonce((string)context.Items[NonceKey]!);

        // Nothing that would reach another host.
        options.DisableAgent().DisableMcp().DisableTelemetry().DisableDefaultFonts().HideDeveloperTools().HideClientButton();
    }

    // What the page loads and whom it talks to: its own silo. Styles stand in the page and are made by its script. No other page may show
    // it in a frame.
    private static void Protect(HttpContext context)
    {
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceKey] = nonce;
        IHeaderDictionary headers = context.Response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
