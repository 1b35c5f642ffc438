using System.Globalization;
using System.Text;
using OrleansMemory.Benchmarks.Measuring;

namespace OrleansMemory.Benchmarks.Reporting;

/// <summary>Figures as a Markdown table: the median, and in brackets the least and the most of the rounds.</summary>
internal static class FigureTable
{
    private static readonly string[] Columns = ["what", "measured", "compared with", "ratio", "to reach", "reached"];

    public static string Of(IEnumerable<Figure> figures)
    {
        var rows = new List<string[]> { Columns };
        rows.AddRange(figures.Select(Row));
        int[] widths = [.. Enumerable.Range(0, Columns.Length).Select(column => rows.Max(row => row[column].Length))];
        rows.Insert(1, [.. widths.Select(width => new string('-', width))]);
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))).AppendLine(" |");
        }

        return text.ToString();
    }

    public static string Line(Figure figure) => string.Join(" · ", Row(figure).Where(cell => cell.Length > 0));

    private static string[] Row(Figure figure) =>
        [
            $"{figure.Benchmark}: {figure.What}",
            $"{Show(figure.Measured)} {figure.Unit}",
            figure.Floor is { } floor ? $"{floor.What}: {Show(floor.Measured)}" : "",
            figure.Floor is { } compared ? Show(compared.Ratio) : "",
            figure.Target?.ToString() ?? "",
            figure.Reached switch
            {
                true => "yes",
                false => "NO",
                null => "",
            },
        ];

    private static string Show(Samples samples) =>
        samples.Values.Count > 1 ? $"{Show(samples.Median)} ({Show(samples.Least)}–{Show(samples.Most)})" : Show(samples.Median);

    private static string Show(double value) =>
        value.ToString(
            Math.Abs(value) switch
            {
                >= 100 => "N0",
                >= 10 => "N1",
                0 => "N0",
                _ => "N3",
            },
            CultureInfo.InvariantCulture
        );
}
