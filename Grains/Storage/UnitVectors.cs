using System.Numerics.Tensors;

namespace OrleansMemory.Grains.Storage;

/// <summary>Makes vectors one long, so that a dot product is a cosine.</summary>
internal static class UnitVectors
{
    /// <summary>Whether a vector points anywhere: its numbers are finite and not all zero.</summary>
    /// <param name="vector">The vector.</param>
    public static bool HasDirection(ReadOnlySpan<float> vector)
    {
        float largest = vector.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(vector);
        return float.IsFinite(largest) && largest != 0;
    }

    /// <summary>Makes a vector one long.</summary>
    /// <param name="vector">The vector, with a direction.</param>
    /// <param name="unit">Where to put it.</param>
    public static void Normalize(ReadOnlySpan<float> vector, Span<float> unit)
    {
        // Scaled first: the squares of very large or very small numbers are infinite or zero.
        TensorPrimitives.Divide(vector, Math.Abs(TensorPrimitives.MaxMagnitude(vector)), unit);
        TensorPrimitives.Divide(unit, TensorPrimitives.Norm(unit), unit);
    }

    /// <summary>Makes a vector one long.</summary>
    /// <param name="vector">The vector, with a direction.</param>
    /// <returns>A new vector.</returns>
    public static float[] Normalize(ReadOnlySpan<float> vector)
    {
        float[] unit = new float[vector.Length];
        Normalize(vector, unit);
        return unit;
    }
}
