using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Benchmarks.Reporting;

namespace OrleansMemory.Benchmarks.Plots;

/// <summary>Makes pictures of the figures that earlier runs have written.</summary>
internal static class PlotCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The command.</summary>
    /// <returns>The command, for the command line.</returns>
    public static Command Make()
    {
        var files = new Argument<string[]>("files")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "What runs of questions about growth have written with --json.",
        };
        var folder = new Option<string>("--to") { Required = true, Description = "A folder for the pictures." };
        var command = new Command(
            "plot",
            "Makes pictures of figures: one SVG for each whose question is in the files. A point is the best of its rounds, those of all files together."
        )
        {
            files,
            folder,
        };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(folder)!));
        return command;
    }

    private static int Run(string[] files, string folder)
    {
        Figure[] figures = [.. files.SelectMany(Read).Where(figure => figure.Curve is not null)];
        Directory.CreateDirectory(folder);
        int missing = 0;
        foreach (Chart chart in ChartCatalog.All.Where(chart => figures.Any(figure => figure.Benchmark == chart.Benchmark)))
        {
            List<(double, double)>[] points =
            [
                .. chart.Curves.Select(curve =>
                    figures
                        .Where(figure => figure.Benchmark == chart.Benchmark && figure.Curve!.Name == curve.Name)
                        .GroupBy(figure => figure.Curve!.Size)
                        .OrderBy(same => same.Key)
                        .Select(same => ((double)same.Key, Best([.. same])))
                        .ToList()
                ),
            ];
            foreach ((string name, _) in chart.Curves.Where((_, i) => points[i].Count == 0))
            {
                Console.Error.WriteLine($"There is no figure '{name}' of {chart.Benchmark}.");
                missing++;
            }

            ChartWriter.Write(chart, points, folder);
        }

        return missing > 0 ? 1 : 0;
    }

    // Others on the machine only ever make a round worse.
    private static double Best(Figure[] same) =>
        same[0].Unit.EndsWith("/s", StringComparison.Ordinal)
            ? same.Max(figure => figure.Measured.Most)
            : same.Min(figure => figure.Measured.Least);

    private static IEnumerable<Figure> Read(string file) => JsonSerializer.Deserialize<Report>(File.ReadAllText(file), Json)?.Figures ?? [];

    private sealed record Report(IReadOnlyList<Figure> Figures);
}
