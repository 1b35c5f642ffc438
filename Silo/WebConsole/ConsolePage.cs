using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.WebConsole;

/// <summary>
/// The console: a page at <c>/</c> with its scripts and styles, which are part of the program. It knows nothing of what is kept here; its
/// scripts ask the API, with the key that somebody at the browser gives them.
/// </summary>
internal static class ConsolePage
{
    /// <summary>Where the page is.</summary>
    public const string Path = "/";

    /// <summary>Where its files are.</summary>
    public const string FilesPath = "/console/{file}";

    private const string Folder = ".WebConsole.Files.";
    private const string Page = "index.html";

    // Its own files and the silo it comes from, and nothing else. Images come with messages. No script takes markup from a text: the
    // browser makes sure of that, too.
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Lazy<FrozenDictionary<string, ConsoleFile>> Files = new(ReadFiles);

    /// <summary>Maps the page and its files.</summary>
    public static void MapConsole(this WebApplication app)
    {
        app.MapGet(Path, static (HttpContext context) => Serve(context, Page))
            .RequireAuthorization(AccessPolicies.Description)
            .ExcludeFromDescription();
        app.MapGet(FilesPath, static (string file, HttpContext context) => Serve(context, file))
            .RequireAuthorization(AccessPolicies.Description)
            .ExcludeFromDescription();
    }

    private static Results<FileContentHttpResult, NotFound> Serve(HttpContext context, string name)
    {
        if (!Files.Value.TryGetValue(name, out ConsoleFile? file))
        {
            return TypedResults.NotFound();
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "public, no-cache";
        headers.ContentSecurityPolicy = ContentSecurity;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, ConsoleFile> ReadFiles()
    {
        Assembly assembly = typeof(ConsolePage).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(static name => name.Contains(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(
                static name => name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..],
                name => Read(assembly, name),
                StringComparer.Ordinal
            );
    }

    private static ConsoleFile Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string contentType = System.IO.Path.GetExtension(resource) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => throw new InvalidOperationException($"{resource} is of no kind that the console has."),
        };
        return new ConsoleFile(content, contentType, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
    }

    private sealed record ConsoleFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
