using System.Net;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A silo process on PostgreSQL that has done some of everything, with a marker wherever a caller may write one, and what its
/// <c>/metrics</c> says then.
/// </summary>
public sealed class ScrapedSilo : IAsyncLifetime
{
    public const string Marker = "MARKER";

    private readonly PostgresDatabase _database = new();
    private SiloProcess? _silo;

    /// <summary>What Prometheus would read.</summary>
    public string Metrics { get; private set; } = "";

    /// <summary>The samples by metric: the labels of each.</summary>
    public ILookup<string, IReadOnlyDictionary<string, string>> Samples => field ??= Read();

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();

        // A member of a cluster, so that the membership's instruments are there.
        _silo = await ClusterSilos.StartAsync(_database.ConnectionString);
        HttpClient http = _silo.Http;
        await http.AskAsync(
            HttpStatusCode.Created,
            "PUT",
            $"/v1/conversations/{Marker}",
            $$$"""{"userId":"{{{Marker}}}","agentId":"{{{Marker}}}","title":"{{{Marker}}}","metadata":{"{{{Marker}}}":"{{{Marker}}}"}}"""
        );
        string turn =
            $$$"""{"turnId":"{{{Marker}}}","messages":[{"role":"user","content":"{{{Marker}}}"}],"globals":{"{{{Marker}}}":"{{{Marker}}}"}}""";
        await http.AskAsync(HttpStatusCode.Created, "POST", $"{Marker}/turns", turn);
        await http.AskAsync(HttpStatusCode.OK, "POST", $"{Marker}/turns", turn);
        await http.AskAsync(HttpStatusCode.OK, "PUT", $"{Marker}/entries/{Marker}/{Marker}", "1");
        await http.AskAsync(HttpStatusCode.OK, "GET", $"{Marker}/messages");
        await http.AskAsync(HttpStatusCode.OK, "GET", $"{Marker}/search?q={Marker}");
        await http.AskAsync(HttpStatusCode.OK, "GET", $"/v1/search?q={Marker}&userId={Marker}");
        await http.AskAsync(HttpStatusCode.OK, "GET", $"/v1/conversations?userId={Marker}&metadata.{Marker}={Marker}");
        await http.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", $"{Marker}-2/messages");
        await http.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", $"{Marker}/messages?limit={Marker}");
        await http.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", $"/{Marker}/{Marker}");
        await http.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "/v1/memories",
            $$$"""{"user":"{{{Marker}}}","contents":["{{{Marker}}} likes tea"]}"""
        );
        await http.AskAsync(HttpStatusCode.OK, "POST", "/v1/memories/search", $$$"""{"user":"{{{Marker}}}","query":"{{{Marker}}}"}""");
        await http.AskAsync(HttpStatusCode.Created, "POST", $"{Marker}/fork", $$$"""{"newId":"{{{Marker}}}-3"}""");
        await http.AskAsync(HttpStatusCode.OK, "DELETE", $"/v1/users/{Marker}-4");
        using var unknown = new HttpRequestMessage(new HttpMethod(Marker), $"/{Marker}");
        (await http.SendAsync(unknown)).Dispose();
        Metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private ILookup<string, IReadOnlyDictionary<string, string>> Read() =>
        Metrics
            .Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(ReadLine)
            .ToLookup(sample => sample.Name, sample => sample.Labels, StringComparer.Ordinal);

    private static (string Name, IReadOnlyDictionary<string, string> Labels) ReadLine(string line)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        int at = line.AsSpan().IndexOfAny('{', ' ');
        string name = line[..at];
        if (line[at] == '{')
        {
            for (at++; line[at] != '}';)
            {
                int equals = line.IndexOf('=', at);
                int end = equals + 2;
                while (line[end] != '"')
                {
                    end += line[end] == '\\' ? 2 : 1;
                }

                labels.Add(line[at..equals], line[(equals + 2)..end]);
                at = line[end + 1] == ',' ? end + 2 : end + 1;
            }
        }

        return (name, labels);
    }
}
