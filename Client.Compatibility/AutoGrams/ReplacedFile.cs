namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Replaces a file as a whole: readers see the old one or the new one.</summary>
internal static class ReplacedFile
{
    /// <summary>Writes a file beside the one that it replaces, and gives it that one's name when it is complete and on disk.</summary>
    /// <param name="fileName">The file to replace, or to make. Of a link it is the file that it leads to.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>A task that ends when the file is in its place.</returns>
    public static async Task WriteAsync(string fileName, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string place = Path.GetFullPath(fileName);
        place = new FileInfo(place) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place
            : place;
        string own = Path.Combine(Path.GetDirectoryName(place)!, $".{Guid.NewGuid():N}.tmp");
        try
        {
            await using (var file = new FileStream(own, Options(place)))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(own, place, overwrite: true);
        }
        catch
        {
            File.Delete(own);
            throw;
        }
    }

    private static FileStreamOptions Options(string place)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(place))
        {
            options.UnixCreateMode = File.GetUnixFileMode(place);
        }

        return options;
    }
}
