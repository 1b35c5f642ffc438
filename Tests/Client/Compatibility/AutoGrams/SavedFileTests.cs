using OrleansMemory.Client.Compatibility.AutoGrams;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>A file of a memory is whole whenever it is read, however many save to it at once.</summary>
public sealed class SavedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("saved-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Many_savers_and_readers_of_one_file_see_it_whole_every_time()
    {
        string file = Path.Combine(_folder, "notes");
        string[] texts = [.. Enumerable.Range(1, 6).Select(i => new string((char)('a' + i), 40_000 * i))];
        await Make(texts[0]).SaveAsync(file);
        using var end = new CancellationTokenSource();
        Task[] readers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (!end.IsCancellationRequested)
                        {
                            MemoryObject read = await MemoryObject.LoadAsync(file);
                            Assert.Contains(read.CachedUserReply, texts);
                        }
                    })
                ),
        ];

        await Task.WhenAll(
            texts.Select(
                (text, i) =>
                    Task.Run(async () =>
                    {
                        MemoryObject memory = Make(text);
                        for (int round = 0; round < 25; round++)
                        {
                            using var given = new CancellationTokenSource();
                            Task saving = memory.SaveAsync(file, cancellationToken: given.Token);
                            if (round % 5 == i % 5)
                            {
                                await given.CancelAsync();
                            }

                            try
                            {
                                await saving;
                            }
                            catch (OperationCanceledException)
                            {
                                // It was given up; the file is the one before.
                            }
                        }
                    })
            )
        );
        await end.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Files_of_others_are_left_alone_also_when_saving_fails()
    {
        string file = Path.Combine(_folder, "notes");
        await File.WriteAllTextAsync(file + ".tmp", "mine");
        await Make("x").SaveAsync(file);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Make("y").SaveAsync(file, cancellationToken: new CancellationToken(canceled: true))
        );
        await Assert.ThrowsAnyAsync<IOException>(() => Make("z").SaveAsync(_folder));

        Assert.Equal("mine", await File.ReadAllTextAsync(file + ".tmp"));
        Assert.Equal("x", (await MemoryObject.LoadAsync(file)).CachedUserReply);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task A_link_goes_on_leading_to_the_file_and_its_mode_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix'.");
            return;
        }

        string file = Path.Combine(_folder, "notes");
        string link = Path.Combine(_folder, "link");
        await Make("x").SaveAsync(file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, file);

        await Make("y").SaveAsync(link);

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal("y", (await MemoryObject.LoadAsync(file)).CachedUserReply);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static MemoryObject Make(string text)
    {
        var memory = new MemoryObject();
        memory.AddUserReply(text);
        return memory;
    }
}
