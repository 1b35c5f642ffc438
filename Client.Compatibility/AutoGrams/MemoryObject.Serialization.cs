using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    /// <summary>Serializes the memory with all of its turns.</summary>
    /// <param name="mode">How. <see cref="SerializationMode.Json"/> gives JSON, the others give it in Base64.</param>
    /// <param name="cancellationToken">Ends the reading of turns.</param>
    /// <returns>The text. It holds the user's content in the clear.</returns>
    /// <exception cref="UnserializableValueException">A local or a module global cannot be written; the error names it.</exception>
    /// <exception cref="InvalidRequestException">There is no such mode.</exception>
    /// <exception cref="InvalidOperationException">Code outside of the program is running.</exception>
    public async Task<string> SerializeAsync(
        SerializationMode mode = SerializationMode.Partial,
        CancellationToken cancellationToken = default
    )
    {
        var stream = new MemoryStream();
        await SaveAsync(stream, mode, cancellationToken);
        ReadOnlySpan<byte> document = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        return mode == SerializationMode.Json ? Encoding.UTF8.GetString(document) : Convert.ToBase64String(document);
    }

    /// <summary>
    /// Saves the memory with all of its turns as a JSON document, in bounded memory. The stream is flushed and left open.
    /// </summary>
    /// <param name="destination">Where to. Nothing is written to it when a value cannot be serialized.</param>
    /// <param name="mode">How.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <inheritdoc cref="SerializeAsync" path="/exception" />
    public async Task SaveAsync(
        Stream destination,
        SerializationMode mode = SerializationMode.Partial,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(destination);
        SerializationModes.NameOf(mode);
        using UseGuard.Use use = Guard.Enter();
        RefuseInExternalCall();
        await new MemoryDocumentWriter(this, destination).WriteAsync(mode, cancellationToken);
    }

    /// <summary>
    /// Saves the memory with all of its turns as a JSON document. Whoever reads the file meanwhile, or saves another memory to it, has one
    /// or the other document whole.
    /// </summary>
    /// <param name="fileName">
    /// The file; one that exists is replaced when the document is complete and on disk. Until then it stands beside it, under a name of its
    /// own.
    /// </param>
    /// <param name="mode">How.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <inheritdoc cref="SerializeAsync" path="/exception" />
    public async Task SaveAsync(
        string fileName,
        SerializationMode mode = SerializationMode.Partial,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        await ReplacedFile.WriteAsync(fileName, file => SaveAsync(file, mode, cancellationToken), cancellationToken);
    }

    /// <summary>Makes a memory of what <see cref="SerializeAsync"/> returned. It belongs to no conversation.</summary>
    /// <param name="data">The text.</param>
    /// <param name="mode">How it was serialized.</param>
    /// <param name="options">
    /// Configuration, root function and the types of values. A text of <see cref="SerializationMode.Full"/> brings its own configuration
    /// and root function, which count.
    /// </param>
    /// <returns>The memory.</returns>
    /// <exception cref="InvalidRequestException">The text is no memory of this mode, or there is no such mode.</exception>
    /// <exception cref="MalformedJsonException">The text is no JSON, or not valid Base64 of it.</exception>
    /// <exception cref="JsonTooDeepException">The text is JSON that is nested deeper than 64 levels.</exception>
    public static MemoryObject Deserialize(
        string data,
        SerializationMode mode = SerializationMode.Partial,
        MemoryObjectOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        SerializationModes.NameOf(mode);
        if (mode == SerializationMode.Json)
        {
            return Parse(Encoding.UTF8.GetBytes(data), mode, options);
        }

        byte[] document = new byte[data.Length];
        return Convert.TryFromBase64String(data, document, out int written)
            ? Parse(document[..written], mode, options)
            : throw new MalformedJsonException(null, null);
    }

    /// <summary>
    /// Makes a memory of a document that <see cref="SaveAsync(Stream, SerializationMode, CancellationToken)"/> wrote. It belongs to no
    /// conversation.
    /// </summary>
    /// <param name="source">Where to read; it is left open.</param>
    /// <param name="mode">How it was saved.</param>
    /// <param name="options">As in <see cref="Deserialize"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The memory.</returns>
    /// <inheritdoc cref="Deserialize" path="/exception" />
    public static async Task<MemoryObject> LoadAsync(
        Stream source,
        SerializationMode mode = SerializationMode.Partial,
        MemoryObjectOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        SerializationModes.NameOf(mode);
        var document = new MemoryStream();
        await source.CopyToAsync(document, cancellationToken);
        return Parse(document.ToArray(), mode, options);
    }

    /// <summary>
    /// Makes a memory of a file that <see cref="SaveAsync(string, SerializationMode, CancellationToken)"/> wrote. It belongs to no
    /// conversation.
    /// </summary>
    /// <param name="fileName">The file.</param>
    /// <param name="mode">How it was saved.</param>
    /// <param name="options">As in <see cref="Deserialize"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The memory.</returns>
    /// <inheritdoc cref="Deserialize" path="/exception" />
    public static async Task<MemoryObject> LoadAsync(
        string fileName,
        SerializationMode mode = SerializationMode.Partial,
        MemoryObjectOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        await using var file = new FileStream(fileName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return await LoadAsync(file, mode, options, cancellationToken);
    }

    /// <summary>Makes a memory of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="mode">How it was saved.</param>
    /// <param name="options">Configuration, root function and the types of values.</param>
    /// <returns>The memory.</returns>
    public static MemoryObject Read(JsonElement document, SerializationMode mode, MemoryObjectOptions options)
    {
        LoadedDocument loaded = MemoryDocumentReader.Read(document, mode, options.SerializerOptions);
        MemoryObjectOptions own =
            mode == SerializationMode.Full
                ? options with
                {
                    Config = loaded.Memory.Config,
                    RootFunction = loaded.Memory.Root?.WithModuleOf(options.RootFunction),
                }
                : options;
        var log = new TurnLog(null, 0);
        loaded.Records.ForEach(record => log.Append(record));
        var memory = new MemoryObject(own, loaded.Memory, log)
        {
            TestMode = loaded.TestMode,
            SupervisorMode = loaded.SupervisorMode,
            LastNode = loaded.LastNode,
        };
        memory.Globals.Load([], loaded.Globals?.AsEnumerable() ?? UserGlobals.DefaultsOf(memory.RootFunction));
        return memory;
    }

    /// <summary>Reads the turns of one frame of the turn stack, oldest first.</summary>
    internal IAsyncEnumerable<TurnRecord> ReadFrame(TurnFrame frame, CancellationToken cancellationToken) =>
        ReadList(frame.Turns, long.MaxValue, MessageOrder.Ascending, cancellationToken);

    /// <summary>Reads everything that the program logged, oldest first.</summary>
    internal IAsyncEnumerable<TurnRecord> ReadLog(CancellationToken cancellationToken) =>
        ReadList(_state.ModelTurns, long.MaxValue, MessageOrder.Ascending, cancellationToken);

    /// <summary>The frames of turns, the root function's first.</summary>
    internal IReadOnlyList<TurnFrame> TurnFrames => _state.TurnStack;

    private static MemoryObject Parse(byte[] document, SerializationMode mode, MemoryObjectOptions? options)
    {
        try
        {
            return Read(JsonElement.Parse(document), mode, options ?? new MemoryObjectOptions());
        }
        catch (JsonException failure)
        {
            throw JsonTooDeepException.Find(document, "body", JsonDepth.MaxStored) ?? (Exception)MalformedJsonException.Of(failure);
        }
    }
}
