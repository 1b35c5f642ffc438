using System.Net.Sockets;
using System.Text;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>What callers may make the silo write to its log, as often as they like.</summary>
public sealed class ServerLogTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_request_whose_trailer_is_no_text_is_no_line_in_the_log()
    {
        await using SiloRun silo = SiloRun.Start(("ConnectionStrings:Postgres", database.ConnectionString));
        await silo.ReadyAsync();

        string answer = await AskAsync(
            silo.Address,
            "POST /v1/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: \u00ff\r\nContent-Length: 1\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Equal(0, await silo.StopAsync());
        Assert.DoesNotContain(silo.Lines, static line => line.Contains("Kestrel", StringComparison.Ordinal));
        Assert.Contains(silo.Lines, static line => line.Contains("OrleansMemory[", StringComparison.Ordinal));
    }

    // To the end of the connection, which the server closes behind such a request.
    private static async Task<string> AskAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using var answer = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await answer.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }
}
