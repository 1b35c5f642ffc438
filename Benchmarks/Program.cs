using System.CommandLine;
using OrleansMemory.Benchmarks;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Reporting;

if (args is [LoadGenerator.Argument])
{
    await LoadGenerator.ServeAsync(Console.In, Console.Out);
    return 0;
}

ParseResult parsed = BenchmarkArguments.Command(RunAsync).Parse(args);
foreach (var error in parsed.Errors)
{
    await Console.Error.WriteLineAsync(error.Message);
}

return parsed.Errors.Count > 0 ? 2 : await parsed.InvokeAsync();

static async Task<int> RunAsync(BenchmarkArguments arguments)
{
    DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
    await using BenchmarkServer server = await BenchmarkServer.StartAsync();
    await using BenchmarkDatabase database = await BenchmarkDatabase.CreateAsync(server.ConnectionString);
    Machine machine = Machine.Describe(await database.ReadSettingsAsync());
    var run = new BenchmarkRun(
        database,
        arguments.Slice,
        arguments.Conversations,
        arguments.Silo,
        arguments.Largest,
        arguments.RecallFiles
    );
    bool failed = false;
    foreach (IBenchmark benchmark in arguments.Benchmarks)
    {
        BenchmarkRun.Tell(benchmark.Name);
        try
        {
            await benchmark.RunAsync(run);
        }
        catch (Exception failure)
        {
            // The figures of the other questions took their time as well: they are not lost with this one.
            failed = true;
            await Console.Error.WriteLineAsync($"{benchmark.Name} failed: {failure}");
        }
    }

    Console.WriteLine(FigureTable.Of(run.Figures));
    string json = JsonReport.Of(machine, startedAt, arguments.Slice, run.Figures);
    if (arguments.JsonFile is { } file)
    {
        await File.WriteAllTextAsync(file, json + Environment.NewLine);
    }
    else
    {
        Console.WriteLine(json);
    }

    return failed ? 3
        : run.Figures.Any(figure => figure.Reached == false) ? 1
        : 0;
}
