using OrleansMemory.Cli.Transfer;
using OrleansMemory.Cli.Transfer.Export;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>A file that several writers write parts of.</summary>
public sealed class LineFileTests
{
    [Fact]
    public async Task Nothing_is_written_behind_a_write_that_failed()
    {
        // A disk that is full takes less, and a shorter part might still have room.
        using var written = new MemoryStream();
        await using var disk = new PipeOfBytes(written, 10);
        using var file = new LineFile(disk, null);

        await Assert.ThrowsAsync<IOException>(() => WriteAsync(file, "long", new byte[11]));
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(file, "short", new byte[3]));

        Assert.Equal((0, 0), (written.Length, file.Counts.Messages));
    }

    [Fact]
    public async Task Parts_of_several_writers_stand_one_after_the_other()
    {
        using var written = new MemoryStream();
        await using var disk = new PipeOfBytes(written, long.MaxValue);
        using var file = new LineFile(disk, null);

        // Longer than what is gathered, so that each has to wait for its turn.
        await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(number => Task.Run(() => WriteAsync(file, $"{number}", [.. Enumerable.Repeat((byte)number, 100_000)], times: 15)))
        );

        byte[] all = written.ToArray();
        Assert.Equal(8 * 1_500_000, all.Length);
        Assert.Equal(8, all.Zip(all.Skip(1)).Count(static pair => pair.First != pair.Second) + 1);
        Assert.Equal(8, file.Counts.Messages);
    }

    private static Task<TransferCounts> WriteAsync(LineFile file, string unit, byte[] line, int times = 1) =>
        file.WriteAsync(
            unit,
            async part =>
            {
                for (int time = 0; time < times; time++)
                {
                    await part.WriteAsync(line, CancellationToken.None);
                }

                return new TransferCounts(Messages: 1);
            },
            CancellationToken.None
        );
}
