using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Http;

/// <summary>
/// A client of a silo over HTTP: a method for each operation of its OpenAPI document. All members may be used by several threads at a time.
/// What a silo refuses is a <see cref="MemoryHttpException"/>, as a rule one with a <see cref="ProblemDocument"/>, whose code is stable.
/// </summary>
/// <remarks>
/// A property that is <see langword="null"/> is not sent: in a PATCH it leaves what is there as it is. To clear a setting, put all of them.
/// What is a stream of the silo's (exports and live feeds) is a <see cref="FileResponse"/>, to be disposed of. Nothing is sent again by
/// itself: send a turn with an <c>idempotencyKey</c>, and the same call may be repeated until it is answered.
/// </remarks>
public partial class MemoryHttpClient
{
    private const string TenantHeader = "OrleansMemory-Tenant";

    /// <summary>Makes a client with an <see cref="HttpClient"/> of its own.</summary>
    /// <param name="address">Where the silo is, for instance <c>http://127.0.0.1:5080</c>; a path is kept.</param>
    /// <param name="apiKey">The API key; <see langword="null"/> for a silo on this machine that has none.</param>
    /// <param name="tenant">The tenant that an operator's key is to act for; <see langword="null"/> for the key's own.</param>
    /// <param name="handler">
    /// What sends the requests, and is disposed of with the client's <see cref="HttpClient"/>; <see langword="null"/> for sockets.
    /// </param>
    /// <returns>The client. It waits as long as an answer takes: give a call a cancellation token to wait no longer.</returns>
    /// <exception cref="ArgumentException">The address is not absolute, or the key or the tenant holds what no header may.</exception>
    public static MemoryHttpClient Create(Uri address, string? apiKey = null, string? tenant = null, HttpMessageHandler? handler = null) =>
        new(CreateHttpClient(address, apiKey, tenant, handler));

    /// <summary>
    /// Makes the <see cref="HttpClient"/> of <see cref="Create"/>, for requests that are no operation of the document, such as those of
    /// MCP.
    /// </summary>
    /// <param name="address">Where the silo is.</param>
    /// <param name="apiKey">The API key, or <see langword="null"/>.</param>
    /// <param name="tenant">The tenant that an operator's key is to act for, or <see langword="null"/>.</param>
    /// <param name="handler">What sends the requests; <see langword="null"/> for sockets.</param>
    /// <returns>The client, without a time limit of its own.</returns>
    /// <exception cref="ArgumentException">The address is not absolute, or the key or the tenant holds what no header may.</exception>
    public static HttpClient CreateHttpClient(Uri address, string? apiKey = null, string? tenant = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The address is absolute and begins with http:// or https://.", nameof(address));
        }

        ThrowIfNoHeader(apiKey, "An API key", nameof(apiKey));
        ThrowIfNoHeader(tenant, "A tenant's name", nameof(tenant));
        string text = address.GetLeftPart(UriPartial.Path);
        var http = new HttpClient(handler ?? new SocketsHttpHandler())
        {
            BaseAddress = new Uri(text.EndsWith('/') ? text : text + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);
        if (tenant is not null)
        {
            http.DefaultRequestHeaders.Add(TenantHeader, tenant);
        }

        return http;
    }

    private static void ThrowIfNoHeader(string? value, string what, string parameter)
    {
        if (value is not null && (value.Length == 0 || value.Any(static character => character is <= ' ' or > '~')))
        {
            throw new ArgumentException($"{what} has printable ASCII characters without spaces.", parameter);
        }
    }

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
