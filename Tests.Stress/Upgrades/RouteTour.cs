using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress.Upgrades;

/// <summary>
/// One of everything that the HTTP API does to a conversation and to memories, each request at the next silo: the conversation is active on
/// one of them, of either build, and the others ask it.
/// </summary>
internal sealed class RouteTour(MixedSilos silos)
{
    private int _tours;
    private int _requests;

    /// <summary>How many tours were completed.</summary>
    public int Completed => Volatile.Read(ref _tours);

    /// <summary>Makes one tour after the other until told to end.</summary>
    /// <param name="guide">Tells apart tours that are made at once.</param>
    public async Task RunAsync(int guide, CancellationToken end)
    {
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            string name = FormattableString.Invariant($"tour-{guide}-{i}");
            await TourConversationAsync(name);
            await TourMemoriesAsync(name);
            Interlocked.Increment(ref _tours);
        }
    }

    private async Task TourConversationAsync(string id)
    {
        await AskAsync("PUT", id, $$"""{"userId":"{{id}}","title":"first"}""");
        string turn =
            $$$"""{"turnId":"{{{id}}}-1","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"}],"globals":{"city":"Lisbon"}}""";
        await AskAsync("POST", id + "/turns", turn);
        Assert.True((await AskAsync("POST", id + "/turns", turn)).GetProperty("replayed").GetBoolean());
        await AskAsync("PATCH", id, """{"metadata":{"seen":true}}""");
        await AskAsync("PUT", id + "/entries/notes/other", """{"deep":[1,2]}""");
        await AskAsync("PATCH", id + "/globals", """{"step":3}""");
        await AskAsync("POST", id + "/messages", """{"role":"user","content":"three"}""");

        JsonElement head = await AskAsync("GET", id);
        Assert.Equal(("first", 3), (head.GetProperty("title").GetString(), head.GetProperty("lastSequence").GetInt64()));
        Assert.Equal(["one", "two", "three"], await TextsAsync(id));
        Assert.Equal("""{"city":"Lisbon","step":3}""", (await AskAsync("GET", id + "/globals")).GetRawText());
        Assert.Equal(2, (await AskAsync("GET", id + "/entries/notes/other")).GetProperty("value").GetProperty("deep")[1].GetInt32());

        await AskAsync("POST", id + "/fork", $$"""{"newId":"{{id}}-fork","atSequence":2}""");
        await AskAsync("POST", id + "-fork/messages", """{"role":"user","content":"elsewhere"}""");
        Assert.Equal(["one", "two", "elsewhere"], await TextsAsync(id + "-fork"));
        await AskAsync("DELETE", id);
        Assert.Equal(["one", "two", "elsewhere"], await TextsAsync(id + "-fork"));
        await AskAsync("DELETE", "/v1/users/" + id);
        await AskAsync("GET", id + "-fork", status: HttpStatusCode.NotFound);
    }

    private async Task TourMemoriesAsync(string user)
    {
        JsonElement recorded = await AskAsync(
            "POST",
            "/v1/memories",
            $$"""{"user":"{{user}}","contents":["likes green tea","plays the cello"]}"""
        );
        JsonElement found = await AskAsync("POST", "/v1/memories/search", $$"""{"user":"{{user}}","query":"Who plays the cello?"}""");
        Assert.Equal("plays the cello", found.GetProperty("memories")[0].GetProperty("memory").GetProperty("text").GetString());
        await AskAsync("DELETE", "/v1/memories/" + recorded.GetProperty("memoryIds")[0].GetString());
        JsonElement left = await AskAsync("GET", "/v1/memories?user=" + user);
        Assert.Equal(1, left.GetProperty("memories").GetArrayLength());
    }

    private async Task<string[]> TextsAsync(string id) =>
        [
            .. (await AskAsync("GET", id + "/messages"))
                .GetProperty("messages")
                .EnumerateArray()
                .Select(message => message.GetProperty("contents")[0].GetProperty("text").GetString()!),
        ];

    /// <summary>Asks until there is an answer: a silo that stops refuses connections, and says 503 to what it cannot finish.</summary>
    private async Task<JsonElement> AskAsync(string method, string path, string? json = null, HttpStatusCode? status = null)
    {
        using var deadline = new CancellationTokenSource(Timings.Patience);
        string key = FormattableString.Invariant($"k{Interlocked.Increment(ref _requests)}");
        for (bool again = false; ; again = true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            try
            {
                using HttpResponseMessage response = await silos
                    .Next()
                    .Http.SendAsync(
                        method,
                        path,
                        json,
                        path.EndsWith("/turns", StringComparison.Ordinal) ? [] : [("Idempotency-Key", key)]
                    );
                string body = await response.Content.ReadAsStringAsync(deadline.Token);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    continue;
                }

                // What a request without a key had done before its answer was lost.
                bool done =
                    again && (method, response.StatusCode) is ("DELETE", HttpStatusCode.NotFound) or ("POST", HttpStatusCode.Conflict);
                Assert.True(
                    done || (status is { } expected ? response.StatusCode == expected : response.IsSuccessStatusCode),
                    $"{method} {path} was answered with {(int)response.StatusCode}: {body}"
                );
                return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement;
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException or ObjectDisposedException)
            {
                await Task.Yield();
            }
        }
    }
}
