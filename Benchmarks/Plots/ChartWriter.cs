using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace OrleansMemory.Benchmarks.Plots;

/// <summary>Draws pictures as SVG.</summary>
internal static class ChartWriter
{
    private const double Width = 860;
    private const double Height = 440;
    private const string Font = "Helvetica, Arial, DejaVu Sans, sans-serif";

    // Where an axis of powers has its lines: beyond all that is measured, to either side.
    private static readonly double[] Powers = [.. Enumerable.Range(-4, 14).Select(exponent => Math.Pow(10, exponent))];

    private static readonly OxyColor Line = OxyColor.FromRgb(225, 225, 225);

    // Told apart on white, by people who do not see all colours as well, and by their marks.
    private static readonly OxyColor[] Colors =
    [
        OxyColor.FromRgb(0, 114, 178),
        OxyColor.FromRgb(213, 94, 0),
        OxyColor.FromRgb(0, 158, 115),
        OxyColor.FromRgb(204, 121, 167),
        OxyColor.FromRgb(90, 90, 90),
        OxyColor.FromRgb(150, 120, 0),
    ];

    private static readonly MarkerType[] Markers =
    [
        MarkerType.Circle,
        MarkerType.Square,
        MarkerType.Diamond,
        MarkerType.Triangle,
        MarkerType.Circle,
        MarkerType.Square,
    ];

    /// <summary>Draws a picture.</summary>
    /// <param name="chart">The picture.</param>
    /// <param name="points">The points of each of its curves, in their order.</param>
    /// <param name="folder">Where the file goes.</param>
    public static void Write(Chart chart, IReadOnlyList<IReadOnlyList<(double Size, double Measured)>> points, string folder)
    {
        var model = new PlotModel
        {
            Title = chart.Title,
            TitleFontSize = 15,
            Background = OxyColors.White,
            DefaultFont = Font,
            TitleFontWeight = FontWeights.Normal,
        };
        model.Legends.Add(
            new Legend
            {
                LegendPlacement = LegendPlacement.Outside,
                LegendPosition = LegendPosition.RightTop,
                LegendFontSize = 12,
                LegendLineSpacing = 4,
            }
        );
        model.Axes.Add(AxisOf(AxisPosition.Bottom, chart.Of, powers: chart.Scale != ChartScale.Even));
        model.Axes.Add(AxisOf(AxisPosition.Left, chart.Unit, powers: chart.Scale == ChartScale.Powers));
        if (chart.Scale == ChartScale.Even)
        {
            model.Axes[0].MinimumMajorStep = 1;
        }

        for (int i = 0; i < chart.Curves.Length; i++)
        {
            OxyColor color = Colors[i % Colors.Length];
            var series = new LineSeries
            {
                Title = chart.Curves[i].Legend,
                Color = color,
                StrokeThickness = 2,
                MarkerType = Markers[i % Markers.Length],
                MarkerSize = 4,
                MarkerFill = color,
            };
            series.Points.AddRange(points[i].Select(point => new DataPoint(point.Size, point.Measured)));
            model.Series.Add(series);
        }

        using FileStream file = File.Create(Path.Combine(folder, chart.File + ".svg"));
        new SvgExporter
        {
            Width = Width,
            Height = Height,
            TextMeasurer = new TextWidth(),
        }.Export(model, file);
    }

    private static Axis AxisOf(AxisPosition position, string title, bool powers)
    {
        Axis axis = powers
            ? new LogarithmicAxis
            {
                LabelFormatter = Power,
                MinimumPadding = 0.02,
                MaximumPadding = 0.05,
                PowerPadding = false,
                MinorTickSize = 0,
                MajorTickSize = 3,
                ExtraGridlines = Powers,
                ExtraGridlineColor = Line,
            }
            : new LinearAxis
            {
                MajorGridlineStyle = LineStyle.Solid,
                MajorGridlineColor = Line,
                Minimum = position == AxisPosition.Left ? 0 : double.NaN,
                MaximumPadding = 0.08,
                MinimumPadding = 0.05,
                LabelFormatter = Number,
            };
        axis.Position = position;
        axis.Title = title;
        axis.AxisTitleDistance = 10;
        return axis;
    }

    // Labels of powers only: those in between would lie on one another.
    private static string Power(double value) =>
        value > 0 && Math.Abs(Math.Log10(value) - Math.Round(Math.Log10(value))) < 1e-6 ? Number(value) : "";

    private static string Number(double value) => value.ToString(Math.Abs(value) > 999.5 ? "N0" : "0.######", CultureInfo.InvariantCulture);
}
