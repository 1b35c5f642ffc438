using System.Text.Json;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>The command line tool against a silo: what it writes, and how it ends.</summary>
public sealed class OmemTests(SharedSilo silo)
{
    private readonly SiloTenant _tenant = silo.NewTenant();
    private string _input = string.Empty;

    [Fact]
    public async Task What_was_said_is_listed_shown_and_found()
    {
        await AppendAsync("trip", "ana", "A quiet hotel in Lisbon, please.");

        Assert.Contains("trip", (await DoAsync("conversations", "--user", "ana")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("trip", (await DoAsync("conversations", "--user", "ben")).Output, StringComparison.Ordinal);
        string shown = (await DoAsync("show", "trip")).Output;
        Assert.Contains("user:", shown, StringComparison.Ordinal);
        Assert.Contains("  A quiet hotel in Lisbon, please.", shown, StringComparison.Ordinal);
        Assert.Contains("hotel", (await DoAsync("search", "hotel", "--user", "ana")).Output, StringComparison.Ordinal);
        Assert.Contains("hotel", (await DoAsync("search", "hotel", "--conversation", "trip")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_go_on_over_pages_up_to_the_limit()
    {
        for (int number = 0; number < 205; number++)
        {
            await AppendAsync(FormattableString.Invariant($"c-{number}"), "ana", "hello");
        }

        Assert.Equal(205, Lines((await DoAsync("conversations", "--limit", "1000", "--json")).Output).Length);
        Assert.Equal(203, Lines((await DoAsync("conversations", "--limit", "203", "--json")).Output).Length);
    }

    [Fact]
    public async Task Json_is_the_silos_documents_one_a_line()
    {
        await AppendAsync("trip", "ana", "hello");

        string[] lines = Lines((await DoAsync("show", "trip", "--json")).Output);

        Assert.Equal("ana", JsonDocument.Parse(lines[0]).RootElement.GetProperty("userId").GetString());
        Assert.Equal("hello", JsonDocument.Parse(lines[1]).RootElement.GetProperty("contents")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_remembered_is_recalled()
    {
        Assert.Equal(2, Lines((await DoAsync("remember", "Prefers quiet rooms.", "Plays the cello.", "--user", "ana")).Output).Length);

        Assert.Contains(
            "Prefers quiet rooms.",
            (await DoAsync("recall", "Which rooms?", "--user", "ana")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_refused_export_leaves_no_file()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        Assert.Equal(ExitCodes.Failed, (await RunAsync("export", file, "--conversation", "unknown")).ExitCode);

        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"));
    }

    [Fact]
    public async Task A_conversation_is_followed_until_it_ends()
    {
        await AppendAsync("trip", "ana", "first");
        using var output = new WatchedWriter();
        Task<int> watching = RunAsync(output, TextWriter.Null, "watch", "trip", "--after", "0");
        await output.WhenWrittenAsync("first");
        await AppendAsync("trip", "ana", "second");
        await output.WhenWrittenAsync("second");
        await _tenant.Http.DeleteAsync(new Uri("/v1/conversations/trip", UriKind.Relative));

        Assert.Equal(ExitCodes.Done, await watching);
        Assert.EndsWith("ended", output.ToString()!.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_commits_what_it_was_told_to_and_clears_up()
    {
        JsonElement report = JsonDocument.Parse((await DoAsync("load", "--connections", "3", "--turns", "5", "--json")).Output).RootElement;

        Assert.Equal((15, 0), (report.GetProperty("turns").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.True(report.GetProperty("p50").GetDouble() <= report.GetProperty("p99").GetDouble());
        Assert.Empty(Lines((await DoAsync("conversations", "--json")).Output));

        await DoAsync("load", "--connections", "2", "--turns", "5", "--bytes", "10", "--keep");
        string[] kept = Lines((await DoAsync("conversations", "--json")).Output);
        Assert.Equal([5, 5], kept.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("messageCount").GetInt32()));
    }

    [Fact]
    public async Task A_talk_with_a_model_is_the_conversations_history()
    {
        await using var model = await ChatServer.StartAsync(static asked => $"You said {asked.Length} things, last: {asked[^1]}");
        _input = "Hello.\nWhere to?\n";

        string said = (
            await DoAsync("chat", "trip", "--model", "any", "--model-address", model.Address, "--user", "ana", "--system", "Be brief.")
        ).Output;

        Assert.Equal(["You said 2 things, last: Hello.", "You said 4 things, last: Where to?"], Lines(said));
        Assert.Equal(
            ["Hello.", "You said 2 things, last: Hello.", "Where to?", "You said 4 things, last: Where to?"],
            (await ReadAsync("trip")).Skip(1)
        );
        Assert.Contains("ana", (await ReadAsync("trip"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_fails_leaves_no_half_turn()
    {
        await using var model = await ChatServer.StartAsync(static _ => throw new InvalidOperationException());
        _input = "Hello.\n";

        (int exitCode, _, string error) = await RunAsync("chat", "trip", "--model", "any", "--model-address", model.Address);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("model's server failed", error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, (await RunAsync("show", "trip")).ExitCode);
    }

    [Theory]
    [InlineData("<html>no model here</html>")]
    [InlineData("{}")]
    [InlineData(
        "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half an ans\"}}]}\n\n"
    )]
    public async Task An_answer_that_is_none_or_is_cut_is_not_kept(string answer)
    {
        await using var model = await ChatServer.AnsweringAsync(answer);
        _input = "Hello.\n";

        Assert.Equal(ExitCodes.Failed, (await RunAsync("chat", "trip", "--model", "any", "--model-address", model.Address)).ExitCode);
        Assert.Equal(ExitCodes.Failed, (await RunAsync("show", "trip")).ExitCode);
    }

    [Fact]
    public async Task Half_of_a_character_is_shown_as_a_replacement()
    {
        await _tenant.SendAsync("POST", "/v1/conversations/odd/messages", """{"role":"user","content":"a\ud800b \ud83d\ude00 \\ud800"}""");

        Assert.Contains("a\uFFFDb \U0001F600 \\ud800", (await DoAsync("show", "odd")).Output, StringComparison.Ordinal);
        await DoAsync("show", "odd", "--json");
        _input = "Hello.\n";
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "Hi.\n");
        Assert.Contains(
            "\"answer\":\"Hi.\"",
            (await DoAsync("chat", "odd", "--script", script, "--json")).Output,
            StringComparison.Ordinal
        );
        File.Delete(script);
    }

    [Fact]
    public async Task An_export_touches_no_other_file()
    {
        string folder = Directory.CreateTempSubdirectory("omem").FullName;
        await AppendAsync("trip", "ana", "hello");
        await File.WriteAllTextAsync(Path.Combine(folder, "trip.json.part"), "mine");

        await DoAsync("export", Path.Combine(folder, "trip.json"), "--conversation", "trip");

        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, "trip.json.part")));
        Assert.Equal(2, Directory.EnumerateFiles(folder).Count());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_version_is_told_with_any_other_option() =>
        Assert.Equal(ExitCodes.Done, (await RunAsync("--json", "--version")).ExitCode);

    [Fact]
    public async Task A_script_answers_in_the_place_of_a_model()
    {
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "First answer.\nSecond answer.\n");
        _input = "a\nb\nc\n";

        Assert.Equal(
            ["First answer.", "Second answer.", "First answer."],
            Lines((await DoAsync("chat", "trip", "--script", script)).Output)
        );
        File.Delete(script);
    }

    [Fact]
    public async Task Usage_is_a_table()
    {
        await AppendAsync("trip", "ana", "hello");

        Assert.Contains(_tenant.Name, (await DoAsync("usage", "--days", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_not_passed_on()
    {
        await AppendAsync("trip", "ana", "\u001B]0;owned\u0007 [red]not markup[/] \u202Etxt.exe");

        string shown = (await DoAsync("show", "trip")).Output;

        Assert.DoesNotContain('\u001B', shown);
        Assert.DoesNotContain('\u202E', shown);
        Assert.Contains("[red]not markup[/]", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCodes.Failed, "There is no such conversation", "show", "unknown")]
    [InlineData(ExitCodes.Usage, "Required argument", "show")]
    [InlineData(ExitCodes.Usage, "--limit is 1 to", "conversations", "--limit", "0")]
    [InlineData(ExitCodes.Usage, "--limit", "conversations", "--limit", "many")]
    [InlineData(ExitCodes.Usage, "add --yes", "erase", "ana")]
    [InlineData(ExitCodes.Usage, "either --conversation or --user", "search", "hotel")]
    [InlineData(ExitCodes.Usage, "either --conversation or --user or --all", "export", "x", "--user", "a", "--conversation", "b")]
    [InlineData(ExitCodes.Usage, "either --conversation or --user or --all", "export", "x")]
    [InlineData(ExitCodes.Usage, "is a folder", "export", "/", "--all")]
    [InlineData(ExitCodes.Usage, "There is no folder", "export", "/nowhere/x", "--all")]
    [InlineData(ExitCodes.Usage, "has no name", "export", "", "--all")]
    [InlineData(ExitCodes.Usage, "--parallel is 1 to", "export", "x", "--all", "--parallel", "65")]
    [InlineData(ExitCodes.Usage, "is a folder", "import", "/")]
    [InlineData(ExitCodes.Usage, "There is no file", "import", "")]
    [InlineData(ExitCodes.Usage, "'word'", "import", "x", "--format", "word")]
    [InlineData(ExitCodes.Usage, "whose memories", "recall", "what")]
    [InlineData(ExitCodes.Usage, "There is no file", "import", "/nowhere/x", "--user", "ana")]
    [InlineData(ExitCodes.Usage, "There is no file", "usage", "--key-file", "/nowhere/key")]
    [InlineData(ExitCodes.Usage, "is no address", "usage", "--address", "relative")]
    [InlineData(ExitCodes.Usage, "printable ASCII", "usage", "--key", "two words")]
    [InlineData(ExitCodes.Usage, "printable ASCII", "usage", "--tenant", "two words")]
    [InlineData(ExitCodes.Failed, "(key-unknown)", "usage", "--key", "a-key-that-nobody-has")]
    [InlineData(ExitCodes.Usage, "either --model or --script", "chat", "trip")]
    [InlineData(ExitCodes.Usage, "is no address", "chat", "trip", "--model", "any", "--model-address", "relative")]
    [InlineData(ExitCodes.Usage, "There is no file", "chat", "trip", "--script", "/nowhere/script")]
    [InlineData(ExitCodes.Usage, "is 0 to 1", "recall", "what", "--user", "ana", "--min-score", "NaN")]
    [InlineData(ExitCodes.Usage, "1 or more", "load", "--turns", "0")]
    [InlineData(ExitCodes.Usage, "an id has", "show", "")]
    [InlineData(ExitCodes.Usage, "an id has", "show", ".")]
    [InlineData(ExitCodes.Usage, "an id has", "erase", "..", "--yes")]
    [InlineData(ExitCodes.Usage, "an id has", "export", "f", "--user", "..")]
    [InlineData(ExitCodes.Failed, "model's server failed", "chat", "trip", "--model", "any", "--model-address", "http://127.0.0.1:1/v1")]
    [InlineData(ExitCodes.Usage, "nonsense", "nonsense")]
    public async Task What_goes_wrong_is_said_in_a_line_without_a_stack(int exitCode, string said, params string[] arguments)
    {
        _input = "Hello.\n";

        (int ended, _, string error) = await RunAsync(arguments);

        Assert.Equal(exitCode, ended);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_silo_the_address_is_named()
    {
        string address = FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}");
        using var error = new StringWriter();

        int ended = await OmemCommand
            .Create(new Invocation(TextWriter.Null, error, TextReader.Null, static _ => null))
            .RunAsync(["usage", "--address", address]);

        Assert.Equal(ExitCodes.Unreachable, ended);
        Assert.Contains(address, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("pwsh")]
    public async Task Command_lines_are_completed(string shell)
    {
        Assert.Contains("[suggest:", (await DoAsync("completion", shell)).Output, StringComparison.Ordinal);
        Assert.Equal(["conversations"], Lines((await DoAsync("[suggest:8]", "omem con")).Output));
    }

    [Theory]
    [InlineData("omem ")]
    [InlineData("omem export ")]
    [InlineData("omem export -")]
    [InlineData("omem /")]
    public async Task Ways_to_ask_for_help_that_look_like_paths_are_not_offered(string line)
    {
        string[] offered = Lines((await DoAsync(FormattableString.Invariant($"[suggest:{line.Length}]"), line)).Output);

        Assert.DoesNotContain(offered, static one => one.StartsWith('/'));
        Assert.Equal(!line.EndsWith('/'), offered.Contains("--help"));
    }

    [Fact]
    public async Task Help_says_what_a_file_holds()
    {
        Assert.Contains("Not in it: keys", (await DoAsync("export", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("Agent File of Letta", (await DoAsync("import", "-h")).Output, StringComparison.Ordinal);
    }

    private async Task<string[]> ReadAsync(string conversation)
    {
        string[] lines = Lines((await DoAsync("show", conversation, "--json")).Output);
        return
        [
            lines[0],
            .. lines
                .Skip(1)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("contents")[0].GetProperty("text").GetString()!),
        ];
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task AppendAsync(string conversation, string user, string text)
    {
        await _tenant.SendAsync("PUT", $"/v1/conversations/{conversation}", JsonSerializer.Serialize(new { userId = user }));
        await _tenant.SendAsync(
            "POST",
            $"/v1/conversations/{conversation}/messages",
            JsonSerializer.Serialize(new { role = "user", content = text })
        );
    }

    private async Task<(string Output, string Error)> DoAsync(params string[] arguments) => (await Tool().DoAsync(arguments), string.Empty);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => Tool().RunAsync(arguments);

    private Task<int> RunAsync(TextWriter output, TextWriter error, params string[] arguments) => Tool().RunAsync(output, error, arguments);

    private OmemTool Tool() => new(_tenant) { Input = _input };
}
