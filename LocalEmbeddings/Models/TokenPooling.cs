using System.Numerics.Tensors;

namespace OrleansMemory.LocalEmbeddings.Models;

/// <summary>Makes one vector of length 1 of the vectors of a text's tokens.</summary>
internal static class TokenPooling
{
    /// <summary>Makes the vectors of a batch.</summary>
    /// <param name="states">The vectors of tokens: text after text, token after token.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="dimensions">How many numbers a vector has.</param>
    /// <returns>A vector for each text.</returns>
    public static float[][] Pool(ReadOnlySpan<float> states, TokenBatch batch, int dimensions, EmbeddingPooling pooling)
    {
        float[][] vectors = new float[batch.Count][];
        for (int row = 0; row < batch.Count; row++)
        {
            ReadOnlySpan<float> tokens = states.Slice(row * batch.Length * dimensions, batch.Length * dimensions);
            float[] vector = tokens[..dimensions].ToArray();
            if (pooling == EmbeddingPooling.Mean)
            {
                // The sum will do: the length becomes 1.
                for (int i = 1; i < batch.Length && batch.Mask[(row * batch.Length) + i] == 1; i++)
                {
                    TensorPrimitives.Add(vector, tokens.Slice(i * dimensions, dimensions), vector);
                }
            }

            float length = TensorPrimitives.Norm(vector);
            if (length > 0)
            {
                TensorPrimitives.Divide(vector, length, vector);
            }

            vectors[row] = vector;
        }

        return vectors;
    }
}
