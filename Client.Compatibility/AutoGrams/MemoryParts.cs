using System.Globalization;
using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// The top-level parts of a memory, each an entry of <see cref="EntrySpaces.MemoryObject"/> that is written only when it has changed.
/// </summary>
internal static class MemoryParts
{
    public const string Stack = "stack";
    public const string TurnStack = "turn_stack";
    public const string StackPointer = "stack_pointer";
    public const string CachedUserReply = "cached_user_reply";
    public const string CallDepth = "call_depth";
    public const string GlobalsSnapshot = "globals_snapshot";
    public const string ExternalCallMemory = "external_call_memory";
    public const string ModelTurns = "model_turns";
    public const string Version = "version";
    public const string ExternalCall = "external_call";
    public const string UnusedUserReply = "unused_user_reply";
    public const string Config = "config";
    public const string RootFunction = "root_function";

    private static readonly string[] Known =
    [
        Stack,
        TurnStack,
        StackPointer,
        CachedUserReply,
        CallDepth,
        GlobalsSnapshot,
        ExternalCallMemory,
        ModelTurns,
        Version,
        ExternalCall,
        UnusedUserReply,
        Config,
        RootFunction,
    ];

    /// <summary>The parts of a memory.</summary>
    /// <param name="state">Where the program stands.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="options">The options that know the types of values.</param>
    /// <exception cref="UnserializableValueException">A value cannot be written.</exception>
    public static Dictionary<string, string> Write(
        ProgramState state,
        ProgramConfig config,
        RootFunction? root,
        JsonSerializerOptions options
    ) =>
        new(StringComparer.Ordinal)
        {
            [Stack] = ProgramJson.Text(writer => StackJson.Write(writer, state.Stack, options)),
            [TurnStack] = ProgramJson.Text(writer => WriteTurnStack(writer, state.TurnStack)),
            [StackPointer] = Number(state.StackPointer),
            [CachedUserReply] = ProgramJson.Text(writer => writer.WriteStringValue(state.CachedUserReply)),
            [CallDepth] = Number(state.CallDepth),
            [GlobalsSnapshot] = ProgramJson.Text(writer => ProgramJson.Write(writer, state.GlobalsSnapshot, GlobalsSnapshot, options)),
            [ExternalCallMemory] = state.ExternalCallMemory.GetRawText(),
            [ModelTurns] = ProgramJson.Text(writer =>
            {
                writer.WriteStartObject();
                state.ModelTurns.WriteFields(writer);
                writer.WriteEndObject();
            }),
            [Version] = ProgramJson.Text(writer => writer.WriteStringValue(state.Version)),
            [ExternalCall] = state.ExternalCall.GetRawText(),
            [UnusedUserReply] = state.UnusedUserReply is { } unused ? Number(unused) : "null",
            [Config] = ProgramJson.Text(writer => ConfigJson.Write(writer, config)),
            [RootFunction] = ProgramJson.Text(writer => ConfigJson.Write(writer, root)),
        };

    /// <summary>Whether there is a memory among entries.</summary>
    public static bool Exist(IEnumerable<Entry> entries) =>
        entries.Any(entry => entry is { Space: EntrySpaces.MemoryObject, Key: Version });

    /// <summary>Reads a memory.</summary>
    /// <param name="entries">The entries of its space; what is no part of a memory is left alone.</param>
    /// <param name="firstSequence">The oldest sequence of the log.</param>
    /// <param name="lastSequence">The newest sequence of the log.</param>
    /// <param name="options">The options that know the types of values.</param>
    /// <exception cref="InvalidRequestException">A part is missing or is not of its kind.</exception>
    public static StoredMemory Read(IReadOnlyList<Entry> entries, long firstSequence, long lastSequence, JsonSerializerOptions options)
    {
        var values = entries.ToDictionary(entry => entry.Key, entry => JsonElement.Parse(entry.Value), StringComparer.Ordinal);
        StrictObject parts = StrictObject.Of(values);
        var state = new ProgramState();
        ReadChunks(values, state.Chunks);
        state.Chunks.FirstSequence = firstSequence;
        state.Stack.AddRange(StackJson.Read(parts.Required(Stack), Stack, options));
        state.TurnStack.AddRange(
            StrictObject.Items(parts.Required(TurnStack), TurnStack).Select(item => ReadFrame(item.Element, item.Path, state.Chunks))
        );
        state.StackPointer = StackJson.ToInt(parts.RequiredInteger(StackPointer), StackPointer);
        state.CallDepth = StackJson.ToInt(parts.RequiredInteger(CallDepth), CallDepth);
        state.CachedUserReply = parts.Text(CachedUserReply);
        state.UnusedUserReply = parts.Integer(UnusedUserReply);
        state.GlobalsSnapshot = StackJson.ReadMap(parts.Required(GlobalsSnapshot), GlobalsSnapshot);
        state.ExternalCall = parts.TryGet(ExternalCall, out JsonElement call) ? call : ProgramJson.Null;
        state.ExternalCallMemory = parts.TryGet(ExternalCallMemory, out JsonElement memory) ? memory : ProgramJson.Null;
        state.Version = parts.RequiredText(Version);
        state.ModelTurns = TurnRanges.Read(StrictObject.Read(parts.Required(ModelTurns), ModelTurns, [.. TurnRanges.Fields]), state.Chunks);
        foreach (TurnRanges list in state.Lists)
        {
            list.Clip(lastSequence);
        }

        state.RequirePossible(part => part);
        if (state.UnusedUserReply > lastSequence)
        {
            state.UnusedUserReply = null;
        }

        return new StoredMemory(
            state,
            parts.TryGet(Config, out JsonElement config) ? ConfigJson.Read(config, Config) : null,
            parts.TryGet(RootFunction, out JsonElement root) ? ConfigJson.ReadRoot(root, RootFunction) : null,
            entries
                .Where(entry => Known.Contains(entry.Key, StringComparer.Ordinal))
                .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)
        );
    }

    /// <summary>The name of a scope in AutoGRAMS.</summary>
    public static string NameOf(ConversationScope scope) =>
        scope switch
        {
            ConversationScope.Global => "global",
            ConversationScope.Normal => "normal",
            _ => "local",
        };

    /// <summary>The scope of a name.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">No scope has this name.</exception>
    public static ConversationScope ParseScope(string name, string path) =>
        name switch
        {
            "global" => ConversationScope.Global,
            "normal" => ConversationScope.Normal,
            "local" => ConversationScope.Local,
            _ => throw new InvalidRequestException(path, "A scope is global, normal or local."),
        };

    private static void WriteTurnStack(Utf8JsonWriter writer, List<TurnFrame> frames)
    {
        writer.WriteStartArray();
        foreach (TurnFrame frame in frames)
        {
            writer.WriteStartObject();
            writer.WriteString("scope", NameOf(frame.Scope));
            writer.WriteString("system_prompt", frame.SystemPrompt);
            frame.Turns.WriteFields(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static TurnFrame ReadFrame(JsonElement element, string path, ChunkTable chunks)
    {
        StrictObject frame = StrictObject.Read(element, path, ["scope", "system_prompt", .. TurnRanges.Fields]);
        return new TurnFrame(
            ParseScope(frame.RequiredText("scope"), frame.PathOf("scope")),
            frame.RequiredText("system_prompt"),
            TurnRanges.Read(frame, chunks)
        );
    }

    private static void ReadChunks(Dictionary<string, JsonElement> values, ChunkTable chunks)
    {
        foreach ((string key, JsonElement value) in values)
        {
            if (
                key.StartsWith(ChunkTable.KeyPrefix, StringComparison.Ordinal)
                && long.TryParse(key.AsSpan(ChunkTable.KeyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            )
            {
                chunks.Load(id, Chunk.Read(value, key));
            }
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A memory as it was stored.</summary>
/// <param name="State">Where the program stands.</param>
/// <param name="Config">Its configuration; <see langword="null"/> when none is stored.</param>
/// <param name="Root">Its root function; <see langword="null"/> when none is stored.</param>
internal sealed record StoredMemory(ProgramState State, ProgramConfig? Config, RootFunction? Root, Dictionary<string, string> Parts);
