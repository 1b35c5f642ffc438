using OrleansMemory.LocalEmbeddings;
using OrleansMemory.LocalEmbeddings.Models;
using Xunit;

namespace OrleansMemory.Tests.LocalEmbeddings;

public sealed class TokenBatchTests
{
    [Fact]
    public void Texts_of_one_length_come_together_and_a_long_one_is_alone()
    {
        int[][] texts = [new int[30], new int[5], new int[4], new int[3], new int[11]];
        Assert.Equal(
            [
                [3, 2, 1],
                [4],
                [0],
            ],
            TokenBatch.Plan(texts, maxTokens: 20)
        );
        Assert.Empty(TokenBatch.Plan([], maxTokens: 20));
    }

    [Fact]
    public void What_fills_up_is_masked()
    {
        var batch = new TokenBatch([
            [7, 8, 9],
            [5],
        ]);
        Assert.Equal((2, 3), (batch.Count, batch.Length));
        Assert.Equal([7L, 8, 9, 5, 0, 0], batch.Ids);
        Assert.Equal([1L, 1, 1, 1, 0, 0], batch.Mask);
    }

    [Fact]
    public void A_vector_is_the_mean_of_the_tokens_that_count_or_the_first_one_and_has_length_1()
    {
        var batch = new TokenBatch([
            [7, 8],
            [5],
        ]);
        float[] states = [3, 4, 3, -4, 0, 2, 9, 9];
        Assert.Equal(
            [
                [1f, 0f],
                [0f, 1f],
            ],
            TokenPooling.Pool(states, batch, 2, EmbeddingPooling.Mean)
        );
        Assert.Equal(
            [
                [0.6f, 0.8f],
                [0f, 1f],
            ],
            TokenPooling.Pool(states, batch, 2, EmbeddingPooling.FirstToken)
        );
        Assert.Equal(
            [
                [0f, 0f],
            ],
            TokenPooling.Pool(
                [0, 0],
                new TokenBatch([
                    [1],
                ]),
                2,
                EmbeddingPooling.Mean
            )
        );
    }
}
