using System.Net;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// Rule 12 of the design: no text, key value, id, query or secret in any log at any level, also not in what Orleans says when a neighbour
/// dies; and a neighbour that dies costs few lines.
/// </summary>
public sealed class LogSecrecyTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IDisposable
{
    private const string Marker = "MARKER7Q";
    private const string Key = "MARKER7Q-key-of-the-operator";
    private const int Conversations = 40;

    // What a kill may cost, with what comes of it in other parts of Orleans: connections, probes, membership, and our own line.
    private const int MostAlarms = 15;

    private static readonly (string Name, string Value)[] Detection =
    [
        ("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", "00:00:01"),
        ("OrleansMemory:Cluster:FailureDetection:MinProbeTimeout", "00:00:01"),
        ("OrleansMemory:Cluster:FailureDetection:MaxProbeTimeout", "00:00:02"),
        ("OrleansMemory:Cluster:FailureDetection:NumMissedProbesLimit", "2"),
    ];

    // The names of parts of ASP.NET Core that write whole URLs are not among them: each is switched on by its own name alone.
    private static readonly string[] Categories =
    [
        "Default",
        "Orleans",
        "OrleansMemory",
        "Npgsql",
        "Microsoft",
        "Microsoft.AspNetCore",
        "Microsoft.Hosting",
        "System",
        "Polly",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("logs").FullName;

    [Theory]
    [InlineData("Trace")]
    [InlineData("Debug")]
    [InlineData("Information")]
    [InlineData("Warning")]
    [InlineData("Error")]
    public async Task Nothing_that_a_caller_has_written_is_logged_at_any_level_also_when_a_neighbour_dies(string level)
    {
        string program = CopyProgram();
        (string Name, string Value)[] settings = [.. Detection, .. Categories.Select(category => ($"Logging:LogLevel:{category}", level))];
        await using LoggedSilo first = await LoggedSilo.StartAsync(program, _folder, Marker, database.ConnectionString, Key, settings);
        await using LoggedSilo second = await LoggedSilo.StartAsync(program, _folder, Marker, database.ConnectionString, Key, settings);
        Task work = WorkUntilAsync(level, first.Http, () => second.Http, out Action stop);
        await Task.Delay(TimeSpan.FromSeconds(5));
        int before = first.Alarms.Count;
        await second.KillAsync();
        await DeclaredDeadAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        stop();
        await work;
        string[] alarms = [.. first.Alarms.Skip(before)];
        await first.StopAsync();

        Assert.Empty(first.Leaks.Concat(second.Leaks));
        string access = await File.ReadAllTextAsync(first.AccessLog) + await File.ReadAllTextAsync(second.AccessLog);
        Assert.Contains("POST /v1/conversations/{id}/turns 201", access, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, access, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('?', access);

        Assert.True(
            level is "Error" || alarms.Any(line => line.Contains(" was declared dead; ", StringComparison.Ordinal)),
            string.Join('\n', alarms)
        );
        Assert.True(alarms.Length <= MostAlarms, string.Join('\n', alarms));
        Assert.DoesNotContain(alarms, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.True(level is not ("Trace" or "Debug") || first.Lines > 1_000, $"Only {first.Lines} lines were written at {level}.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string CopyProgram()
    {
        string source = Path.GetDirectoryName(typeof(Program).Assembly.Location)!;
        string target = Path.Combine(_folder, "program");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Path.Combine(target, "OrleansMemory.Silo.dll");
    }

    private async Task DeclaredDeadAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await database.ExecuteAsync("select count(*) from orleans_memory.orleans_member where status = 6") is 0L)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }

    /// <summary>
    /// Asks both silos for everything that takes something from its caller, with the marker in all of it, and for things that are wrong;
    /// what is answered does not matter.
    /// </summary>
    private static Task WorkUntilAsync(string level, HttpClient one, Func<HttpClient> other, out Action stop)
    {
        bool stopped = false;
        stop = () => Volatile.Write(ref stopped, true);
        return Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(async worker =>
                {
                    for (int round = 0; !Volatile.Read(ref stopped); round++)
                    {
                        HttpClient http = round % 4 == 3 ? other() : one;
                        string id = $"{Marker}-{level}-{worker}-{round % Conversations}";
                        foreach ((string method, string path, string? body) in Requests(id, $"{Marker}-{level}-{worker}-{round}"))
                        {
                            if (!Volatile.Read(ref stopped))
                            {
                                await SendAsync(http, method, path, body);
                            }
                        }
                    }
                })
        );
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests(string id, string turn) =>
        [
            (
                "POST",
                $"/v1/conversations/{id}/turns",
                $$$"""
                {"turnId":"{{{turn}}}","messages":[{"role":"user","content":"{{{Marker}}} says hello"}],"globals":{"{{{Marker}}}":"{{{Marker}}}"},"settings":{"userId":"{{{Marker}}}","title":"{{{Marker}}}","metadata":{"{{{Marker}}}":"{{{Marker}}}"} } }
                """
            ),
            ("GET", $"/v1/conversations/{id}/messages?limit=5", null),
            ("GET", $"/v1/conversations/{id}/search?q={Marker}", null),
            ("PUT", $"/v1/conversations/{id}/entries/{Marker}/{Marker}", $"\"{Marker}\""),
            ("POST", $"/v1/conversations/{id}/turns", $$$"""{"turnId":"{{{Marker}}}","messages":[{"role":"{{{Marker}}}","content":5}"""),
            ("POST", "/v1/memories", $$$"""{"user":"{{{Marker}}}","contents":["{{{Marker}}} likes tea"]}"""),
            ("POST", "/v1/memories/search", $$$"""{"user":"{{{Marker}}}","query":"{{{Marker}}}"}"""),
            ("GET", $"/v1/conversations?userId={Marker}&metadata.{Marker}={Marker}", null),
            ("GET", $"/v1/search?q={Marker}&userId={Marker}", null),
            ("POST", $"/v1/conversations/{id}/import", $"{Marker}\n"),
            ("DELETE", $"/v1/users/{Marker}-{id}", null),
            ("GET", $"/{Marker}?{Marker}={Marker}", null),
        ];

    private static async Task SendAsync(HttpClient http, string method, string path, string? body)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(method, path, body);
            Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            // The silo that was asked has been killed.
        }
    }
}
