using OrleansMemory.Benchmarks;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Reporting;

if (args is [LoadGenerator.Argument])
{
    await LoadGenerator.ServeAsync(Console.In, Console.Out);
    return 0;
}

BenchmarkArguments arguments;
IReadOnlyList<IBenchmark> benchmarks;
try
{
    arguments = BenchmarkArguments.Parse(args);
    benchmarks = BenchmarkCatalog.Find(arguments.Names);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
await using BenchmarkServer server = await BenchmarkServer.StartAsync();
await using BenchmarkDatabase database = await BenchmarkDatabase.CreateAsync(server.ConnectionString);
Machine machine = Machine.Describe(await database.ReadSettingsAsync());
var run = new BenchmarkRun(database, arguments.Slice, arguments.Conversations, arguments.RecallFiles);
foreach (IBenchmark benchmark in benchmarks)
{
    BenchmarkRun.Tell(benchmark.Name);
    try
    {
        await benchmark.RunAsync(run);
    }
    catch (InvalidOperationException failure)
    {
        // A child process or a floor that is not there: what was started is stopped, and no table is printed that lacks a row.
        await Console.Error.WriteLineAsync($"{benchmark.Name}: {failure.Message}");
        return 3;
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

return run.Figures.Any(figure => figure.Reached == false) ? 1 : 0;
