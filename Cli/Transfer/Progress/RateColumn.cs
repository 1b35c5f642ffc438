using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansMemory.Cli.Transfer.Progress;

/// <summary>How many a second.</summary>
/// <param name="format">Writes a number.</param>
internal sealed class RateColumn(Func<double, string> format) : ProgressColumn
{
    /// <inheritdoc />
    protected override bool NoWrap => true;

    /// <inheritdoc />
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $"{format(speed)}/s") : "-/s");
}
