using Microsoft.Extensions.AI;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>
/// The folder of an export, in which the files lie that messages point to: images and recordings, named by their ids and what they were
/// called.
/// </summary>
/// <param name="tally">Is told which are not there.</param>
internal sealed class ExportFolder(string folder, ImportTally tally)
{
    private const string UnknownType = "application/octet-stream";

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    private readonly Lazy<Dictionary<string, string>> _files = new(() => Find(folder));

    /// <summary>The content of a file that a message points to.</summary>
    /// <param name="pointer">The pointer: <c>file-service://file-…</c> or <c>sediment://file_…</c>.</param>
    /// <param name="kind">What it is: image, audio or video.</param>
    /// <param name="room">How much of the message may be files.</param>
    /// <returns>The file; where it is missing or too large, the pointer.</returns>
    public AIContent Read(string pointer, string kind, FileRoom room)
    {
        if (_files.Value.GetValueOrDefault(IdOf(pointer)) is not { } path)
        {
            tally.Note("files that are not in the export's folder: kept as the pointer to them");
        }
        else if (!room.TryTake(new FileInfo(path).Length))
        {
            tally.Note("files beyond 2 MiB of a message: kept as the pointer to them");
        }
        else
        {
            byte[] bytes = File.ReadAllBytes(path);
            return new DataContent(bytes, TypeOf(bytes, path, kind));
        }

        return new UriContent(
            Uri.TryCreate(pointer, UriKind.Absolute, out Uri? uri) ? uri : new Uri("chatgpt-file:" + Uri.EscapeDataString(pointer)),
            $"{kind}/*"
        );
    }

    private static string IdOf(string pointer)
    {
        string id = pointer[(pointer.IndexOf("://", StringComparison.Ordinal) is >= 0 and int at ? at + 3 : 0)..];
        int end = id.IndexOfAny(['?', '#', '/']);
        return end < 0 ? id : id[..end];
    }

    // file-AbC-holiday.png and file_00ff-holiday.png both begin with the id of their pointer, which holds a '-' or '_' itself.
    private static Dictionary<string, string> Find(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "file*", Everywhere).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            int end = name.Length > 5 ? name.IndexOfAny(['-', '.'], 5) : -1;
            if (name.StartsWith("file-", StringComparison.Ordinal) || name.StartsWith("file_", StringComparison.Ordinal))
            {
                files.TryAdd(end < 0 ? name : name[..end], path);
            }
        }

        return files;
    }

    private static string TypeOf(ReadOnlySpan<byte> bytes, string path, string kind) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? "image/png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF8"u8) ? "image/gif"
        : bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : bytes.StartsWith("RIFF"u8) ? "audio/wav"
        : Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".MP3" => "audio/mpeg",
            ".M4A" => "audio/mp4",
            ".MP4" => "video/mp4",
            ".WEBM" => kind + "/webm",
            ".SVG" => "image/svg+xml",
            _ => UnknownType,
        };
}
