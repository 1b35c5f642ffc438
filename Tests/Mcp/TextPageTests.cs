using OrleansMemory.Errors;
using OrleansMemory.Mcp.Results;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>How texts are divided into results, and what cursors are good for.</summary>
public sealed class TextPageTests
{
    [Fact]
    public void Only_the_first_text_of_a_result_is_cut()
    {
        var page = new TextPage(10);

        Assert.True(page.TryAdd("123456", 0, out TextPiece whole));
        Assert.False(page.TryAdd("12345", 0, out _));
        Assert.True(page.TryAdd("1234", 0, out _));
        Assert.True(page.TryAdd("", 0, out TextPiece empty));
        Assert.True(new TextPage(10).TryAdd("12345678901", 0, out TextPiece cut));
        Assert.True(new TextPage(10).TryAdd("12345678901", 10, out TextPiece rest));
        Assert.True(new TextPage(10).TryAdd("1", 99, out TextPiece beyond));

        Assert.Equal(
            [new("123456", 0, null), new("", 0, null), new("1234567890", 0, 10), new("1", 10, null), new("", 1, null)],
            [whole, empty, cut, rest, beyond]
        );
    }

    [Fact]
    public void A_pair_of_surrogates_is_never_cut()
    {
        Assert.True(new TextPage(3).TryAdd("ab\U0001F600c", 0, out TextPiece piece));
        Assert.Equal(new TextPiece("ab", 0, 2), piece);
    }

    [Fact]
    public void A_cursor_is_good_for_its_arguments_alone()
    {
        string text = new Cursor(7, 3).Write("a", null, "b");

        Assert.Equal(new Cursor(7, 3), Cursor.Read(text, "a", null, "b"));
        Assert.Null(Cursor.Read(null, "a"));
        foreach (
            string?[] others in (string?[][])
                [
                    ["a", "b"],
                    ["a", null, "c"],
                    ["a", "", "b"],
                    ["ab", null, ""],
                ]
        )
        {
            Assert.Equal("cursor", Assert.Throws<InvalidRequestException>(() => Cursor.Read(text, others)).Parameter);
        }
    }
}
