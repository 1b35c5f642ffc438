using OxyPlot;

namespace OrleansMemory.Benchmarks.Plots;

/// <summary>How much room text may take: which font a reader's program has is not known here, so that of a wide one is kept.</summary>
internal sealed class TextWidth : PdfRenderContext
{
    private const double OfLetter = 0.62;
    private const double OfLine = 1.3;

    public TextWidth()
        : base(1, 1, OxyColors.White) { }

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(Math.Max(size.Width, (text?.Length ?? 0) * fontSize * OfLetter), Math.Max(size.Height, fontSize * OfLine));
    }
}
