using System.Text;
using OrleansMemory.Client.Windows;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>The estimate keeps its promise for every tokenizer that makes at most a token of a byte.</summary>
public sealed class TokenEstimateTests
{
    private static readonly string[] Alphabets =
    [
        "abc XYZ\n\t",
        "0123456789",
        "{}[]\":,.;!\u0001",
        "éßжф",
        "日本語한국",
        "😀🚀𝒳",
        "\ud800",
        "\udc00",
        "\u200b\u202e",
        "\uffff",
    ];

    [Fact]
    public void Bytes_are_never_more_than_four_times_the_estimate()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            string text = string.Concat(
                Enumerable
                    .Range(0, random.Next(1, 40))
                    .Select(_ =>
                    {
                        string alphabet = Alphabets[random.Next(Alphabets.Length)];
                        return new string([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
                    })
            );
            long bytes = Encoding.UTF8.GetByteCount(text);
            Assert.True(
                bytes <= (long)TokenEstimate.MaxUndercount * TokenEstimate.Of(text),
                $"seed {seed}: {bytes} bytes, estimate {TokenEstimate.Of(text)}"
            );
        }
    }

    [Fact]
    public void Every_character_alone_keeps_the_promise()
    {
        for (int value = 0; value <= 0x10ffff; value++)
        {
            string text = value is >= 0xd800 and < 0xe000 ? ((char)value).ToString() : char.ConvertFromUtf32(value);
            string many = string.Concat(Enumerable.Repeat(text, 4));
            if (Encoding.UTF8.GetByteCount(many) > TokenEstimate.MaxUndercount * TokenEstimate.Of(many))
            {
                Assert.Fail(FormattableString.Invariant($"U+{value:X4}"));
            }
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("four", 1)]
    [InlineData("The quick brown fox jumps over the lazy dog", 11)]
    [InlineData("12", 1)]
    [InlineData("日本", 2)]
    [InlineData("😀", 2)]
    [InlineData("жж", 1)]
    public void A_text_counts_as_documented(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));
}
