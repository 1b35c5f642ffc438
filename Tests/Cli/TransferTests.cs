using System.Text;
using System.Text.Json;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>Exports and imports of conversations, users and tenants by the command line tool.</summary>
public sealed class TransferTests(SharedSilo silo) : IDisposable
{
    private readonly SiloTenant _from = silo.NewTenant();
    private readonly SiloTenant _to = silo.NewTenant();
    private readonly string _folder = Directory.CreateTempSubdirectory("omem").FullName;

    private OmemTool From => new(_from);

    private OmemTool To => new(_to);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_conversation_is_imported_under_another_id()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("trip.json");

        await From.DoAsync("export", file, "--conversation", "trip");
        await From.DoAsync("import", file, "--conversation", "copy");

        Assert.Equal(await DocumentAsync(_from, "trip"), await DocumentAsync(_from, "copy"));
        Assert.Equal([file], Directory.GetFiles(_folder));
        Assert.Equal(ExitCodes.Usage, (await From.RunAsync("export", file, "--conversation", "trip")).ExitCode);
        Assert.Contains(
            "(conversation-exists)",
            (await From.RunAsync("import", file, "--conversation", "copy")).Error,
            StringComparison.Ordinal
        );
        Assert.Contains("add --conversation", (await From.RunAsync("import", file)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_user_is_all_that_the_silos_own_export_says(int parallel)
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("ana.jsonl");

        await From.DoAsync("export", file, "--user", "ana", "--parallel", FormattableString.Invariant($"{parallel}"));

        string[] own = (await _from.Http.GetStringAsync(new Uri("/v1/users/ana/export", UriKind.Relative))).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.Equal(TransferContents.Normal(own), TransferContents.Normal(await File.ReadAllLinesAsync(file)));
    }

    [Fact]
    public async Task A_users_file_is_taken_by_the_silo_and_the_silos_by_the_tool()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("ana.jsonl");
        await From.DoAsync("export", file, "--user", "ana");

        using var body = new StreamContent(File.OpenRead(file));
        body.Headers.ContentType = new("application/x-ndjson");
        using HttpResponseMessage imported = await _to.Http.PostAsync(new Uri("/v1/users/ana/import", UriKind.Relative), body);

        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
        Assert.Equal(await TransferContents.OfUserAsync(_from, "ana"), await TransferContents.OfUserAsync(_to, "ana"));
        SiloTenant third = silo.NewTenant();
        await File.WriteAllBytesAsync(file, await _from.Http.GetByteArrayAsync(new Uri("/v1/users/ana/export", UriKind.Relative)));
        await new OmemTool(third).DoAsync("import", file);
        Assert.Equal(await TransferContents.OfUserAsync(_from, "ana"), await TransferContents.OfUserAsync(third, "ana"));
    }

    [Fact]
    public async Task A_user_may_become_another_one()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("ana.jsonl");
        await From.DoAsync("export", file, "--user", "ana");

        JsonElement report = JsonDocument.Parse(await To.DoAsync("import", file, "--user", "eva", "--json")).RootElement;

        Assert.Equal((await TransferContents.OfUserAsync(_from, "ana")).Length, (await TransferContents.OfUserAsync(_to, "eva")).Length);
        Assert.Equal(report.GetProperty("read").GetRawText(), report.GetProperty("imported").GetRawText());
        Assert.Equal(2, report.GetProperty("imported").GetProperty("memories").GetInt64());
    }

    [Fact]
    public async Task A_tenant_is_moved_whole_and_moving_it_again_changes_nothing()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");

        JsonElement exported = JsonDocument.Parse(await From.DoAsync("export", file, "--all", "--json")).RootElement;
        JsonElement first = JsonDocument.Parse(await To.DoAsync("import", file, "--json")).RootElement;
        string[] once = await TransferContents.OfTenantAsync(_to);
        JsonElement second = JsonDocument.Parse(await To.DoAsync("import", file, "--json", "--parallel", "1")).RootElement;

        Assert.Equal(await TransferContents.OfTenantAsync(_from), once);
        Assert.Equal(once, await TransferContents.OfTenantAsync(_to));
        long conversations = exported.GetProperty("counts").GetProperty("conversations").GetInt64();
        Assert.Equal(conversations, first.GetProperty("imported").GetProperty("conversations").GetInt64());
        Assert.Equal(
            (0, conversations),
            (second.GetProperty("imported").GetProperty("conversations").GetInt64(), second.GetProperty("unchanged").GetInt64())
        );
        Assert.Equal(0, second.GetProperty("imported").GetProperty("memories").GetInt64());
        Assert.Contains("memories of agents or sessions", first.GetProperty("notes").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_conversation_has_the_id_of_is_named_and_the_rest_is_imported()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");
        await From.DoAsync("export", file, "--all");
        await _to.SendAsync("POST", "/v1/conversations/trip/messages", """{"role":"user","content":"mine"}""");

        (int exitCode, string output, string error) = await To.RunAsync("import", file, "--json");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("1 part(s)", error, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.StartsWith("line ", report.GetProperty("failures")[0].GetProperty("where").GetString(), StringComparison.Ordinal);

        // Without the conversation and its three messages.
        Assert.Equal((await TransferContents.OfTenantAsync(_from)).Length - 4, (await TransferContents.OfTenantAsync(_to)).Length);
        Assert.Contains("mine", await DocumentAsync(_to, "trip"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_to_the_output_is_the_file()
    {
        await TransferContents.FillAsync(_from);
        using var written = new MemoryStream();
        OmemTool tool = From;
        tool.OpenOutput = () => new PipeOfBytes(written, long.MaxValue);
        await From.DoAsync("export", FileOf("all.jsonl"), "--all");

        Assert.Empty(await tool.DoAsync("export", "-", "--all"));

        Assert.Equal(
            TransferContents.Normal(await File.ReadAllLinesAsync(FileOf("all.jsonl"))),
            TransferContents.Normal(Encoding.UTF8.GetString(written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    [Fact]
    public async Task A_reader_of_the_output_that_goes_ends_the_export()
    {
        await TransferContents.FillAsync(_from);
        OmemTool tool = From;
        tool.OpenOutput = static () => new PipeOfBytes(new MemoryStream(), 100);

        (int exitCode, _, string error) = await tool.RunAsync("export", "-", "--all");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Broken pipe", error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of omem", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_another_export_are_not_touched()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");
        foreach (string name in new[] { file + ".omem-part", file + ".omem-journal" })
        {
            await File.WriteAllTextAsync(name, "mine\n");
            Assert.Equal(ExitCodes.Usage, (await From.RunAsync("export", file, "--all")).ExitCode);
            Assert.Equal("mine\n", await File.ReadAllTextAsync(name));
            File.Delete(name);
            foreach (string other in Directory.GetFiles(_folder))
                File.Delete(other);
        }
    }

    [Fact]
    public async Task Progress_is_lines_where_the_error_output_is_no_terminal_and_nothing_when_quiet()
    {
        await TransferContents.FillAsync(_from);
        OmemTool tool = From;
        tool.ProgressInterval = TimeSpan.FromTicks(1);

        (_, _, string told) = await tool.RunAsync("export", FileOf("told"), "--all");
        Assert.Matches(@"omem: \d+( of \d+)? conversations, ", told);
        Assert.Empty((await tool.RunAsync("export", FileOf("quiet"), "--all", "--quiet")).Error);
        Assert.Empty((await tool.RunAsync("export", FileOf("json"), "--all", "--json")).Error);
        (_, _, string imported) = await tool.RunAsync("import", FileOf("told"));
        Assert.Matches("omem: .* MB", imported);
    }

    [Fact]
    public async Task Progress_on_a_terminal_is_no_lines_and_leaves_the_answer_alone()
    {
        await TransferContents.FillAsync(_from);
        OmemTool tool = From;
        tool.IsErrorTerminal = true;
        tool.ProgressInterval = TimeSpan.FromTicks(1);

        (int exitCode, string output, string error) = await tool.RunAsync("export", FileOf("all"), "--all");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.DoesNotContain("omem:", error, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    private static async Task<string> DocumentAsync(SiloTenant tenant, string conversation)
    {
        using JsonDocument document = JsonDocument.Parse(
            await tenant.Http.GetStringAsync(new Uri($"/v1/conversations/{conversation}/export", UriKind.Relative))
        );
        return string.Join(
            '\n',
            new[] { "settings", "firstSequence", "lastSequence", "entries", "messages" }.Select(name =>
                document.RootElement.GetProperty(name).GetRawText()
            )
        );
    }
}
