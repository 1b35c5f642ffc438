using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>Conversation ids that are made of any text.</summary>
public sealed class EncodedKeyTests
{
    [Theory]
    [InlineData("plain-1.2_3:@x", "plain-1.2_3:@x")]
    [InlineData("a b/c", "a~20b~2Fc")]
    [InlineData("~", "~7E")]
    [InlineData(".", "~2E")]
    [InlineData("..", "~2E~2E")]
    [InlineData("é\ud83d\ude00", "~C3~A9~F0~9F~98~80")]
    [InlineData("%\0", "~25~00")]
    public void What_an_id_may_have_stays_and_the_rest_is_escaped(string text, string id)
    {
        Assert.Equal(id, ConversationKey.Encode(text));
        ConversationKey.Create("t", id);
    }

    [Fact]
    public void Every_text_has_an_id_of_its_own()
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (int seed in Generated.Seeds(4_000))
        {
            var random = new Random(seed);
            char[] characters = ['a', 'A', '~', '/', '.', '\ud800', '\udc00', 'é', '2', 'E', 'u', '0'];
            string text = new(characters[random.Next(characters.Length)], random.Next(1, 3));
            text += string.Concat(
                Enumerable.Range(0, random.Next(random.Next(20) == 0 ? 400 : 4)).Select(_ => characters[random.Next(characters.Length)])
            );
            string id = ConversationKey.Encode(text);
            ConversationKey.Create("t", id);
            Assert.Equal(text, made.GetValueOrDefault(id, text));
            made[id] = text;
        }

        Assert.Equal("~uD800", ConversationKey.Encode("\ud800"));
        Assert.Throws<ArgumentException>(() => ConversationKey.Encode(""));
    }
}
