using System.Globalization;
using System.Net;
using System.Text.Json;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>Reads server-sent events as a browser does, block by block; what does not come counts as a hang.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
    }

    /// <summary>The headers of the answer.</summary>
    public HttpResponseMessage Response => _response;

    /// <summary>The id that the reader would connect again with.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Connects, and reads the block that every stream begins with.</summary>
    public static async Task<EventReader> ConnectAsync(SiloApp app, string path, string? lastEventId = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/conversations/" + path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        HttpResponseMessage response = await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithTimeout();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var reader = new EventReader(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal("2000", (await reader.BlockAsync())["retry"]);
        return reader;
    }

    /// <summary>The next event: its name and its data. What only keeps the connection alive is no event.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        Dictionary<string, string> block;
        do
        {
            block = await BlockAsync();
        } while (block.Count > 0 && !block.ContainsKey("event"));
        return (block["event"], JsonDocument.Parse(block["data"]).RootElement);
    }

    /// <summary>The next events, which must be messages, by their sequences.</summary>
    public async Task<string> MessagesAsync(int count)
    {
        var sequences = new List<string>();
        for (int i = 0; i < count; i++)
        {
            (string name, JsonElement data) = await NextAsync();
            Assert.Equal("message", name);
            sequences.Add(data.GetProperty("sequence").GetInt64().ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(' ', sequences);
    }

    /// <summary>The next block of lines by their fields; comments stand under no name.</summary>
    public async Task<Dictionary<string, string>> BlockAsync()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await _lines.ReadLineAsync().WaitAsync(Timings.Patience) is { } line)
        {
            if (line.Length == 0)
            {
                LastEventId = fields.GetValueOrDefault("id", LastEventId);
                return fields;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = line[..colon];
            string value = line[(colon + 1)..].TrimStart(' ');
            fields[name] = fields.TryGetValue(name, out string? before) ? before + "\n" + value : value;
        }

        Assert.Empty(fields);
        return fields;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
