using System.Globalization;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>
/// Exports and imports that are interrupted at generated places, and taken up again: nothing is lost, and nothing is there twice.
/// </summary>
public sealed class InterruptedTransferTests(SharedSilo silo) : IDisposable
{
    private const int MostRuns = 200;

    private readonly SiloTenant _from = silo.NewTenant();
    private readonly SiloTenant _to = silo.NewTenant();
    private readonly string _folder = Directory.CreateTempSubdirectory("omem").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 8)]
    public async Task An_export_whose_connection_is_lost_goes_on(int seed, int parallel)
    {
        await TransferContents.FillAsync(_from);
        string whole = FileOf("whole.jsonl");
        string file = FileOf("all.jsonl");
        await new OmemTool(_from).DoAsync("export", whole, "--all");

        int runs = await UntilDoneAsync(_from, new Random(seed), 12_000, "export", file, "--all", "--parallel", Text(parallel));

        Assert.True(runs > 1, "It was not interrupted.");
        Assert.Equal(TransferContents.Normal(await ReadAsync(whole)), TransferContents.Normal(await ReadAsync(file)));
        Assert.Equal([file, whole], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task An_export_that_was_killed_goes_on_from_whatever_the_disk_has(int seed)
    {
        await TransferContents.FillAsync(_from);
        string whole = FileOf("whole.jsonl");
        string file = FileOf("all.jsonl");
        int bytes = 0;
        var counting = new OmemTool(_from)
        {
            Between = inner => new LossyConnection(inner, count => Interlocked.Add(ref bytes, count) < 0),
        };
        await counting.DoAsync("export", whole, "--all");
        var random = new Random(seed);
        int left = 0;
        for (int kill = 0; kill < 4 && !File.Exists(file); kill++)
        {
            await LoseAsync(_from, random.Next(bytes / 3, bytes * 9 / 10), "export", file, "--all");
            left += Kill(file, random);
        }

        if (!File.Exists(file))
        {
            await new OmemTool(_from).DoAsync("export", file, "--all");
        }

        Assert.True(left > 0, "Nothing was left of any run.");
        Assert.Equal(TransferContents.Normal(await ReadAsync(whole)), TransferContents.Normal(await ReadAsync(file)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 8)]
    public async Task An_import_whose_connection_is_lost_goes_on(int seed, int parallel)
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");
        await new OmemTool(_from).DoAsync("export", file, "--all");

        int runs = await UntilDoneAsync(_to, new Random(seed), 2_000, "import", file, "--parallel", Text(parallel));

        Assert.True(runs > 1, "It was not interrupted.");
        Assert.Equal(await TransferContents.OfTenantAsync(_from), await TransferContents.OfTenantAsync(_to));
    }

    [Fact]
    public async Task A_connection_that_is_lost_now_and_then_is_not_noticed()
    {
        await TransferContents.FillAsync(_from);
        string whole = FileOf("whole.jsonl");
        string file = FileOf("all.jsonl");
        await new OmemTool(_from).DoAsync("export", whole, "--all");
        int calls = 0;
        var tool = new OmemTool(_from)
        {
            Between = inner => new LossyConnection(inner, _ => Interlocked.Increment(ref calls) is > 10 and var call && call % 70 == 0),
        };

        await tool.DoAsync("export", file, "--all");

        Assert.True(calls > 140, "It was not lost.");
        string[] lines = [.. (await ReadAsync(file)).Where(static line => !line.Contains("dropped", StringComparison.Ordinal))];
        Assert.Equal(TransferContents.Normal(await ReadAsync(whole)), TransferContents.Normal(lines));
    }

    [Fact]
    public async Task An_export_that_was_cut_says_how_it_goes_on()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");

        (int exitCode, _, string error) = await LoseAsync(_from, 15_000, "export", file, "--all", "--parallel", "1");

        Assert.True(exitCode is ExitCodes.Failed or ExitCodes.Unreachable, error);
        Assert.Contains("The same command goes on from there.", error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Contains("taken up again", await new OmemTool(_from).DoAsync("export", file, "--all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_of_one_export_are_not_taken_for_those_of_another()
    {
        await TransferContents.FillAsync(_from);
        string file = FileOf("all.jsonl");
        await LoseAsync(_from, 15_000, "export", file, "--all", "--parallel", "1");

        (int exitCode, _, string error) = await new OmemTool(_from).RunAsync("export", file, "--user", "ana");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("is of another export", error, StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task<string[]> ReadAsync(string file) => File.ReadAllLinesAsync(file);

    private string FileOf(string name) => Path.Combine(_folder, name);

    // The connection is lost for good after so many bytes, counting a request and its answer as one each.
    private static async Task<(int ExitCode, string Output, string Error)> LoseAsync(
        SiloTenant tenant,
        int bytes,
        params string[] arguments
    )
    {
        int left = bytes;
        var tool = new OmemTool(tenant) { Between = inner => new LossyConnection(inner, count => Interlocked.Add(ref left, -count) < 0) };
        return await tool.RunAsync(arguments);
    }

    private static async Task<int> UntilDoneAsync(SiloTenant tenant, Random random, int mostBytes, params string[] arguments)
    {
        for (int run = 1; run <= MostRuns; run++)
        {
            // Further each time, so that it comes to its end.
            (int exitCode, string output, string error) = await LoseAsync(
                tenant,
                random.Next(mostBytes) + (run * mostBytes / 20),
                arguments
            );
            if (exitCode == ExitCodes.Done)
            {
                return run;
            }

            Assert.True(exitCode is ExitCodes.Failed or ExitCodes.Unreachable, output + error);
            Assert.DoesNotContain("fault of omem", error, StringComparison.Ordinal);
        }

        throw new InvalidOperationException("It came to no end.");
    }

    // What a kill leaves: a part that goes on behind its last note, and a note that was being written.
    private static int Kill(string file, Random random)
    {
        string part = file + ".omem-part";
        string journal = file + ".omem-journal";
        if (!File.Exists(part))
        {
            return 0;
        }

        byte[] torn = new byte[random.Next(200)];
        random.NextBytes(torn);
        File.AppendAllBytes(part, torn);
        byte[] notes = File.ReadAllBytes(journal);
        int cut = random.Next(notes.Length / 2, notes.Length + 1);
        File.WriteAllBytes(journal, notes[..cut]);
        return 1;
    }
}
