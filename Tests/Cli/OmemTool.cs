using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>The command line tool of a tenant, in the process of the test.</summary>
internal sealed class OmemTool(SiloTenant tenant)
{
    /// <summary>What is typed in.</summary>
    public string Input { get; set; } = string.Empty;

    /// <summary>What stands between the tool and the silo.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Between { get; set; } = static inner => inner;

    /// <summary>What takes the bytes that go to the output.</summary>
    public Func<Stream>? OpenOutput { get; set; }

    /// <summary>How often progress is told.</summary>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether faults and progress go to a terminal.</summary>
    public bool IsErrorTerminal { get; set; }

    /// <summary>Runs a command line, which must succeed and say nothing of faults.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        return output;
    }

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await RunAsync(output, error, arguments), output.ToString(), error.ToString());
    }

    public async Task<int> RunAsync(TextWriter output, TextWriter error, params string[] arguments)
    {
        using HttpMessageHandler silo = ((TestServer)tenant.Services.GetRequiredService<IServer>()).CreateHandler();
        using HttpMessageHandler handler = Between(silo);
        var invocation = new Invocation(
            output,
            error,
            new StringReader(Input),
            name => name == "OMEM_API_KEY" ? tenant.Key : null,
            Handler: handler,
            IsErrorTerminal: IsErrorTerminal,
            OpenOutput: OpenOutput
        )
        {
            RetryPause = TimeSpan.Zero,
            ProgressInterval = ProgressInterval,
        };
        return await OmemCommand.Create(invocation).RunAsync(arguments);
    }
}
