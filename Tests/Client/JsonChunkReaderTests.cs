using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class JsonChunkReaderTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task Values_are_the_same_however_they_come()
    {
        foreach (int seed in Generated.Seeds(40))
        {
            var random = new Random(seed);
            string[] values =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 8))
                    .Select(_ => JsonSerializer.Serialize(new { text = new string('é', random.Next(100_000)) })),
            ];

            List<string> read = await ReadAsync($"[{string.Join(" , ", values)}]", () => random.Next(1, 50_000));

            Assert.Equal(values, read);
        }
    }

    [Fact]
    public async Task A_long_value_in_many_pieces_is_not_looked_at_again_for_each()
    {
        // 8 MiB in 1 KiB pieces: looked at from its beginning at each piece it would be 32 GiB, which no reader does in the time of a test.
        string value = JsonSerializer.Serialize(new string('x', 8 * MiB));

        Assert.Equal([value], await ReadAsync($"[{value}]", () => 1_024));
    }

    [Theory]
    [InlineData(MiB - 2, true)]
    [InlineData(3 * MiB, false)]
    public async Task A_value_may_be_as_long_as_is_allowed(int length, bool allowed)
    {
        string value = JsonSerializer.Serialize(new string('x', length));
        Task<List<string>> reading = ReadAsync($"[{value},1]", () => 50_000, MiB);

        if (allowed)
        {
            Assert.Equal([value, "1"], await reading);
        }
        else
        {
            await Assert.ThrowsAsync<PayloadTooLargeException>(() => reading);
        }
    }

    private static async Task<List<string>> ReadAsync(string document, Func<int> piece, int maxValueBytes = 16 * MiB)
    {
        using var reader = new JsonChunkReader(new Pieces(Encoding.UTF8.GetBytes(document), piece), maxValueBytes);
        Assert.Equal(JsonTokenType.StartArray, await reader.ReadTokenAsync(CancellationToken.None).WithTimeout());
        var values = new List<string>();
        while (await reader.ReadValueAsync(CancellationToken.None).WithTimeout() is { } value)
        {
            values.Add(JsonSerializer.Serialize(value));
        }

        return values;
    }

    private sealed class Pieces(byte[] bytes, Func<int> piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece())], cancellationToken);
    }
}
