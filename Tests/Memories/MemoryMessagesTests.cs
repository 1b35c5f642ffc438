using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class MemoryMessagesTests
{
    [Theory]
    [InlineData("a", 300, 256)]
    [InlineData("é", 300, 128)]
    [InlineData("😀", 300, 64)]
    [InlineData("😀", 64, 64)]
    public void A_name_that_is_too_long_is_cut_between_characters(string character, int count, int left)
    {
        ChatMessage message = new(ChatRole.User, "hi") { AuthorName = string.Concat(Enumerable.Repeat(character, count)) };
        NewMemory memory = MemoryMessages.ToMemory(message, null)!;
        Assert.Equal(string.Concat(Enumerable.Repeat(character, left)), memory.Speaker);
        Assert.InRange(Encoding.UTF8.GetByteCount(memory.Speaker!), 1, 256);
    }

    [Fact]
    public void An_id_that_is_too_long_and_empty_names_are_left_out()
    {
        Assert.Null(
            MemoryMessages
                .ToMemory(new ChatMessage(ChatRole.User, "hi") { MessageId = new string('m', 257), AuthorName = "" }, null)!
                .MessageId
        );
        Assert.Equal(
            256,
            MemoryMessages.ToMemory(new ChatMessage(ChatRole.User, "hi") { MessageId = new string('m', 256) }, null)!.MessageId!.Length
        );
        Assert.Null(MemoryMessages.ToMemory(new ChatMessage(ChatRole.User, "hi") { AuthorName = "" }, null)!.Speaker);
    }

    [Fact]
    public void Clean_gives_what_is_clean_as_it_is()
    {
        NewMemory memory = new() { Kind = MemoryKind.Fact, Text = "fine 😀" };
        Assert.Same(memory, MemoryMessages.Clean(memory));
        Assert.Equal("a\ufffdb\ufffd", MemoryMessages.Clean("a\0b\ud800"));
        Assert.Null(MemoryMessages.Clean((string?)null));
    }
}
