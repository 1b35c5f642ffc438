using System.Globalization;
using System.Text;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>
/// Writes vectors as the extension <c>vector</c> reads them: one long, as the grain holds them, so that an inner product is a cosine.
/// </summary>
internal static class VectorText
{
    /// <summary>The most dimensions that the extension takes.</summary>
    public const int MaxDimensions = 16_000;

    /// <summary>Writes a vector.</summary>
    /// <returns>Its text; <see langword="null"/> for one that the extension does not take, or that has no direction.</returns>
    public static string? Write(ReadOnlySpan<float> vector)
    {
        if (vector.Length > MaxDimensions || !UnitVectors.HasDirection(vector))
        {
            return null;
        }

        var text = new StringBuilder(vector.Length * 12);
        foreach (float number in UnitVectors.Normalize(vector))
        {
            text.Append(text.Length == 0 ? '[' : ',').Append(CultureInfo.InvariantCulture, $"{number}");
        }

        return text.Append(']').ToString();
    }
}
