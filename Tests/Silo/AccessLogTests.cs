using System.IO.Pipelines;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>A line for every request, which says nothing of what was asked.</summary>
public sealed partial class AccessLogTests
{
    private const string Marker = "MARKER";

    [Fact]
    public async Task Every_request_has_a_line_without_ids_keys_queries_or_texts()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using (SiloApp app = new SiloApp().With(AccessLog.Setting, file))
        {
            await app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                $"/v1/conversations/{Marker}/turns",
                $$"""{"turnId":"{{Marker}}","messages":[{"role":"user","content":"{{Marker}}"}]}"""
            );
            await app.AskAsync(HttpStatusCode.OK, "GET", $"/v1/conversations/{Marker}/search?q={Marker}");
            await app.RefuseAsync(
                HttpStatusCode.BadRequest,
                "invalid-request",
                "GET",
                $"/v1/conversations/{Marker}/messages?limit={Marker}"
            );
            await app.AskAsync(HttpStatusCode.OK, "PUT", $"/v1/conversations/{Marker}/entries/{Marker}/{Marker}", "1");
            using var unknown = new HttpRequestMessage(new HttpMethod(Marker), $"/{Marker}");
            (await app.Http.SendAsync(unknown)).Dispose();
        }

        string[] lines = await File.ReadAllLinesAsync(file);
        File.Delete(file);
        Assert.DoesNotContain(lines, line => line.Contains(Marker, StringComparison.OrdinalIgnoreCase));
        Assert.All(lines, line => Assert.Matches(Form(), line));
        Assert.Equal(
            [
                "POST /v1/conversations/{id}/turns 201 default",
                "GET /v1/conversations/{id}/search 200 default",
                "GET /v1/conversations/{id}/messages 400 default",
                "PUT /v1/conversations/{id}/entries/{namespace}/{key} 200 default",
                "- - 404 default",
            ],
            lines.Select(line => Form().Replace(line, "$1 $2"))
        );
    }

    [Fact]
    public async Task Lines_that_find_no_room_are_counted()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var log = new AccessLog(pipe.Writer.AsStream(), TimeProvider.System, NullLogger<AccessLog>.Instance);
        await log.StartAsync(CancellationToken.None);
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        const int Requests = 100_000;
        for (int i = 0; i < Requests; i++)
        {
            await log.InvokeAsync(context, static _ => Task.CompletedTask);
        }

        Task stop = log.StopAsync(CancellationToken.None);
        using var reader = new StreamReader(pipe.Reader.AsStream());
        (long written, long leftOut) = (0, 0);
        while (written + leftOut < Requests && await reader.ReadLineAsync().WithTimeout() is { } line)
        {
            if (LeftOut().Match(line) is { Success: true } counted)
            {
                leftOut += long.Parse(counted.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            }
            else
            {
                written++;
            }
        }

        await stop.WithTimeout();
        Assert.Equal(Requests, written + leftOut);
        Assert.InRange(leftOut, 1, Requests - 1);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_a_wrong_setting()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "access.log");
        SettingException wrong = Assert.Throws<SettingException>(() =>
            AccessLog.Open(file, TimeProvider.System, NullLogger<AccessLog>.Instance)
        );
        Assert.Equal(
            "OrleansMemory:Http:AccessLog names a file that cannot be written (DirectoryNotFoundException). Set it to the path of a file in a folder that is there, or to console.",
            wrong.Message
        );
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\S+ \S+ \d{3}) \d+\.\d{3}ms (\S+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex(@"left out (\d+) lines", RegexOptions.NonBacktracking)]
    private static partial Regex LeftOut();
}
