using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Another tenant of the silo, with conversations of the names that hostile requests name. Nothing of it may change.</summary>
internal sealed partial class Neighbour : IDisposable
{
    private const int Conversations = 6;

    private readonly HttpClient _http;
    private readonly string[] _ids;

    /// <summary>Makes a neighbour.</summary>
    /// <param name="address">The silo.</param>
    /// <param name="key">Its API key.</param>
    /// <param name="seeds">The sequences that are run beside it.</param>
    public Neighbour(Uri address, string key, IEnumerable<int> seeds)
    {
        _http = new HttpClient { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _ids =
        [
            "lisbon-trip",
            .. seeds.SelectMany(seed =>
                Enumerable.Range(0, Conversations).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{seed}-{i}"))
            ),
        ];
    }

    /// <summary>Stores what must stay.</summary>
    public async Task SettleAsync()
    {
        foreach (string id in _ids)
        {
            await _http.AskAsync(
                HttpStatusCode.Created,
                "POST",
                id + "/turns",
                $$$"""
                {"turnId":"turn-1","settings":{"userId":"ana","title":"{{{id}}}"},"messages":[{"role":"user","content":"The neighbour's {{{id}}}"},{"role":"assistant","content":"is private."}],
                "globals":{"city":"Porto"},"entries":[{"namespace":"notes","key":"budget","value":{"euros":1}}],"object":{"step":1}}
                """
            );
        }

        await _http.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "/v1/memories",
            """{"user":"ana","contents":["Lives in Porto.","Plays the cello."]}"""
        );
    }

    /// <summary>All that it has.</summary>
    public async Task<string> ExportAsync()
    {
        var all = new List<string>();
        foreach (
            string path in (string[])
                [
                    .. _ids.Select(id => $"/v1/conversations/{id}/export"),
                    .. _ids.Select(id => $"/v1/conversations/{id}"),
                    "/v1/memories?user=ana",
                    "/v1/conversations?limit=200",
                    "/v1/tenant",
                ]
        )
        {
            JsonElement answer = await _http.AskAsync(HttpStatusCode.OK, "GET", path);

            // The one thing that differs from one export to the next.
            all.Add($"{path}: {ExportedAt().Replace(answer.GetRawText(), "")}");
        }

        return string.Join('\n', all);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("\"exportedAt\":\"[^\"]*\",", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex ExportedAt();
}
