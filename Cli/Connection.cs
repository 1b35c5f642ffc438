using System.CommandLine;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Http;

namespace OrleansMemory.Cli;

/// <summary>The options of every command: where the silo is, who calls, and for whom the answer is.</summary>
/// <param name="invocation">What surrounds the run.</param>
internal sealed class Connection(Invocation invocation)
{
    private const string AddressVariable = "OMEM_ADDRESS";

    private const string KeyVariable = "OMEM_API_KEY";

    private const string DefaultAddress = "http://127.0.0.1:5080";

    private readonly Option<string?> _address = new("--address")
    {
        Description = $"Where the silo is. Default: {AddressVariable}, else {DefaultAddress}.",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"The API key. Others on this machine can see it: rather set {KeyVariable} or use --key-file.",
        Recursive = true,
    };

    private readonly Option<FileInfo?> _keyFile = new("--key-file")
    {
        Description = "A file whose first line is the API key.",
        Recursive = true,
    };

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "The tenant, where the key is an operator's.",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Writes the silo's documents, one a line, for programs.",
        Recursive = true,
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> Options => [_address, _key, _keyFile, _tenant, _json];

    /// <summary>Runs a command, and says what went wrong.</summary>
    /// <param name="parsed">The command line.</param>
    public Task<int> RunAsync(ParseResult parsed, Func<MemoryHttpClient, Printer, Task> command) =>
        RunAsync(parsed, http => command(new MemoryHttpClient(http), new Printer(invocation, parsed.GetValue(_json))));

    /// <summary>Runs a command that sends requests of its own and writes an answer, and says what went wrong.</summary>
    /// <param name="parsed">The command line.</param>
    public Task<int> RunAsync(ParseResult parsed, Func<HttpClient, Printer, Task> command) =>
        RunAsync(parsed, http => command(http, new Printer(invocation, parsed.GetValue(_json))));

    /// <summary>Runs a command that sends requests of its own, and says what went wrong.</summary>
    /// <param name="parsed">The command line.</param>
    public async Task<int> RunAsync(ParseResult parsed, Func<HttpClient, Task> command)
    {
        Uri? address = null;
        try
        {
            address = ReadAddress(parsed);
            await command(Connect(address, parsed));
            return ExitCodes.Done;
        }
        catch (Exception failure)
        {
            (string text, int exitCode) = Failure.Describe(failure, address);
            await invocation.Error.WriteLineAsync("omem: " + PlainText.Of(text));
            return exitCode;
        }
    }

    private HttpClient Connect(Uri address, ParseResult parsed)
    {
        try
        {
            return MemoryHttpClient.CreateHttpClient(
                address,
                ReadKey(parsed),
                parsed.GetValue(_tenant),
                new PlainJsonHandler(invocation.Handler ?? new SocketsHttpHandler())
            );
        }
        catch (ArgumentException failure)
        {
            throw new UsageException(failure.Message);
        }
    }

    private Uri ReadAddress(ParseResult parsed)
    {
        string text = parsed.GetValue(_address) ?? NotEmpty(invocation.Environment(AddressVariable)) ?? DefaultAddress;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https")
            ? address
            : throw new UsageException($"'{text}' is no address. It begins with http:// or https://.");
    }

    private string? ReadKey(ParseResult parsed) =>
        parsed.GetValue(_key) ?? (parsed.GetValue(_keyFile) is { } file ? FirstLine(file) : NotEmpty(invocation.Environment(KeyVariable)));

    private static string FirstLine(FileInfo file) =>
        file.Exists
            ? File.ReadLines(file.FullName).FirstOrDefault()?.Trim().Trim('\uFEFF') ?? string.Empty
            : throw new UsageException($"There is no file {file.FullName}.");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
