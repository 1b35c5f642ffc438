using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>Requests to a silo's web app, and what their answers must be.</summary>
internal static class SiloRequests
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Sends a request.</summary>
    /// <param name="path">The path, from /v1/conversations/ on unless it starts with a slash.</param>
    /// <param name="json">The body.</param>
    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient http,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/v1/conversations/" + path)
        {
            Content = json is null ? null : Json(json),
        };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return http.SendAsync(request);
    }

    /// <summary>Sends a request that must be answered with a status, and reads the answer.</summary>
    public static async Task<JsonElement> AskAsync(
        this HttpClient http,
        HttpStatusCode status,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using HttpResponseMessage response = await http.SendAsync(method, path, json, headers);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Sends a request that must be refused, and checks the problem's shape.</summary>
    public static async Task<JsonElement> RefuseAsync(
        this HttpClient http,
        HttpStatusCode status,
        string code,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using HttpResponseMessage response = await http.SendAsync(method, path, json, headers);
        return await SiloApp.ProblemAsync(response, status, code);
    }
}
