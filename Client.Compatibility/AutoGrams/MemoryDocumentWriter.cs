using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// Writes a memory as one JSON document, turn by turn. <see cref="SerializationMode.Json"/> is AutoGRAMS' <c>memory_dict</c>; the other
/// modes wrap it.
/// </summary>
internal sealed class MemoryDocumentWriter(MemoryObject memory, Stream destination)
{
    /// <summary>The field that names the mode.</summary>
    public const string ModeField = "serialization_type";

    /// <summary>The field that holds the memory.</summary>
    public const string MemoryField = "memory_dict";

    private const int ChunkBytes = 64 * 1024;

    /// <summary>Writes the document.</summary>
    /// <returns>A task that ends when it is written.</returns>
    public async Task WriteAsync(SerializationMode mode, CancellationToken cancellationToken)
    {
        // What cannot be serialized is found here, before anything is written.
        Dictionary<string, string> parts = memory.WriteParts();
        var writer = new Utf8JsonWriter(destination, ProgramJson.WriterOptions);
        await using (writer)
        {
            writer.WriteStartObject();
            if (mode != SerializationMode.Json)
            {
                writer.WriteString(ModeField, SerializationModes.NameOf(mode));
                WriteSurroundings(writer, parts, mode);
                writer.WriteStartObject(MemoryField);
            }

            await WriteMemoryAsync(writer, parts, cancellationToken);
            if (mode != SerializationMode.Json)
            {
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            await writer.FlushAsync(cancellationToken);
        }

        await destination.FlushAsync(cancellationToken);
    }

    private void WriteSurroundings(Utf8JsonWriter writer, Dictionary<string, string> parts, SerializationMode mode)
    {
        if (mode == SerializationMode.Full)
        {
            WriteParts(writer, parts, MemoryParts.Config, MemoryParts.RootFunction);
            if (memory.RootFunction?.ModuleId is { } module)
            {
                writer.WriteString(MemoryDocumentReader.RootModuleField, module);
            }

            writer.WriteBoolean("test_mode", memory.TestMode);
            writer.WriteBoolean("supervisor_mode", memory.SupervisorMode);
            writer.WriteString("last_node", memory.LastNode);
        }
    }

    private async Task WriteMemoryAsync(Utf8JsonWriter writer, Dictionary<string, string> parts, CancellationToken cancellationToken)
    {
        WriteParts(writer, parts, MemoryParts.Stack);
        writer.WriteStartArray(MemoryParts.TurnStack);
        foreach (TurnFrame frame in memory.TurnFrames)
        {
            writer.WriteStartObject();
            writer.WriteString("scope", MemoryParts.NameOf(frame.Scope));
            writer.WriteStartArray("turns");
            await foreach (TurnRecord record in memory.ReadFrame(frame, cancellationToken))
            {
                WriteTurns(writer, record);
                await FlushAsync(writer, cancellationToken);
            }

            writer.WriteEndArray();
            writer.WriteString("system_prompt", frame.SystemPrompt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteParts(
            writer,
            parts,
            MemoryParts.StackPointer,
            MemoryParts.CachedUserReply,
            MemoryParts.CallDepth,
            MemoryParts.GlobalsSnapshot,
            MemoryParts.ExternalCallMemory
        );
        writer.WriteStartArray(MemoryParts.ModelTurns);
        await foreach (TurnRecord record in memory.ReadLog(cancellationToken))
        {
            if (record.IsModelTurn)
            {
                record.Write(writer);
                await FlushAsync(writer, cancellationToken);
            }
        }

        writer.WriteEndArray();
        WriteParts(writer, parts, MemoryParts.Version, MemoryParts.ExternalCall);
        writer.WriteBoolean(MemoryParts.UnusedUserReply, memory.UnusedUserReply);
        writer.WritePropertyName(MemoryDocumentReader.UserGlobalsField);
        ProgramJson.Write(
            writer,
            memory.Globals.Items().Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)),
            MemoryDocumentReader.UserGlobalsField,
            ProgramJson.DefaultOptions
        );
    }

    private static void WriteTurns(Utf8JsonWriter writer, TurnRecord record)
    {
        foreach (ProgramTurn turn in record.ToTurns())
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role);
            writer.WriteString("content", turn.Content);
            writer.WriteEndObject();
        }
    }

    private static void WriteParts(Utf8JsonWriter writer, Dictionary<string, string> parts, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(parts[name], skipInputValidation: true);
        }
    }

    private static async ValueTask FlushAsync(Utf8JsonWriter writer, CancellationToken cancellationToken)
    {
        if (writer.BytesPending >= ChunkBytes)
        {
            await writer.FlushAsync(cancellationToken);
        }
    }
}
