using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// Reads what <see cref="MemoryDocumentWriter"/> wrote, and plain memories of AutoGRAMS in the mode <see cref="SerializationMode.Json"/>.
/// </summary>
internal sealed class MemoryDocumentReader
{
    /// <summary>The field of user globals, which may be left out.</summary>
    public const string UserGlobalsField = "user_globals";

    /// <summary>
    /// The field of the root function's module in a document of <see cref="SerializationMode.Full"/>, which may be left out.
    /// </summary>
    public const string RootModuleField = "root_module";

    private readonly ProgramState _state = new();
    private readonly List<TurnRecord> _records = [];

    private MemoryDocumentReader() { }

    /// <summary>Reads a document.</summary>
    /// <param name="mode">How it was saved.</param>
    /// <param name="options">The options that know the types of values.</param>
    /// <exception cref="InvalidRequestException">It is no memory of this mode, or there is no such mode.</exception>
    public static LoadedDocument Read(JsonElement document, SerializationMode mode, JsonSerializerOptions? options)
    {
        var reader = new MemoryDocumentReader();
        string name = SerializationModes.NameOf(mode);
        if (mode == SerializationMode.Json)
        {
            return reader.ReadMemory(document, string.Empty, ProgramJson.Exact(options));
        }

        StrictObject outer = StrictObject.Read(
            document,
            string.Empty,
            [
                MemoryDocumentWriter.ModeField,
                MemoryDocumentWriter.MemoryField,
                MemoryParts.Config,
                MemoryParts.RootFunction,
                RootModuleField,
                "test_mode",
                "supervisor_mode",
                "last_node",
            ]
        );
        if (outer.RequiredText(MemoryDocumentWriter.ModeField) != name)
        {
            throw new InvalidRequestException(MemoryDocumentWriter.ModeField, $"This memory was not saved in the mode {name}.");
        }

        LoadedDocument loaded = reader.ReadMemory(
            outer.Required(MemoryDocumentWriter.MemoryField),
            MemoryDocumentWriter.MemoryField,
            ProgramJson.Exact(options)
        );
        return mode == SerializationMode.Partial
            ? loaded
            : loaded with
            {
                Memory = loaded.Memory with
                {
                    Config = ConfigJson.Read(outer.Required(MemoryParts.Config), MemoryParts.Config),
                    Root = outer.TryGet(MemoryParts.RootFunction, out JsonElement root)
                        ? ConfigJson.ReadRoot(root, MemoryParts.RootFunction) with
                        {
                            ModuleId = outer.Text(RootModuleField),
                        }
                        : null,
                },
                TestMode = outer.Flag("test_mode"),
                SupervisorMode = outer.Flag("supervisor_mode"),
                LastNode = outer.Text("last_node"),
            };
    }

    /// <summary>Reads one turn of a list.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is no turn.</exception>
    public static ProgramTurn ReadTurn(JsonElement element, string path)
    {
        StrictObject turn = StrictObject.Read(element, path, "role", "content");
        return new ProgramTurn(turn.RequiredText("role"), turn.RequiredText("content"));
    }

    private LoadedDocument ReadMemory(JsonElement element, string path, JsonSerializerOptions options)
    {
        StrictObject memory = StrictObject.Read(
            element,
            path,
            MemoryParts.Stack,
            MemoryParts.TurnStack,
            MemoryParts.StackPointer,
            MemoryParts.CachedUserReply,
            MemoryParts.CallDepth,
            MemoryParts.GlobalsSnapshot,
            MemoryParts.ExternalCallMemory,
            MemoryParts.ModelTurns,
            MemoryParts.Version,
            MemoryParts.ExternalCall,
            MemoryParts.UnusedUserReply,
            UserGlobalsField
        );
        _state.Stack.AddRange(StackJson.Read(memory.Required(MemoryParts.Stack), memory.PathOf(MemoryParts.Stack), options));
        _state.StackPointer = ReadInt(memory, MemoryParts.StackPointer);
        _state.CallDepth = ReadInt(memory, MemoryParts.CallDepth);
        _state.CachedUserReply = memory.Text(MemoryParts.CachedUserReply);
        _state.GlobalsSnapshot = StackJson.ReadMap(
            memory.Required(MemoryParts.GlobalsSnapshot),
            memory.PathOf(MemoryParts.GlobalsSnapshot)
        );
        _state.ExternalCall = memory.TryGet(MemoryParts.ExternalCall, out JsonElement call) ? call : ProgramJson.Null;
        _state.ExternalCallMemory = memory.TryGet(MemoryParts.ExternalCallMemory, out JsonElement callMemory)
            ? callMemory
            : ProgramJson.Null;
        _state.Version = memory.RequiredText(MemoryParts.Version);
        ReadTurns(memory);
        _state.RequirePossible(memory.PathOf);
        if (memory.Flag(MemoryParts.UnusedUserReply))
        {
            int last = _records.FindLastIndex(record => record.EntryType == ModelTurnTypes.UserReply && !string.IsNullOrEmpty(record.Text));
            _state.UnusedUserReply =
                last < 0
                    ? throw new InvalidRequestException(
                        memory.PathOf(MemoryParts.UnusedUserReply),
                        "There is no user reply in model_turns that could be unused."
                    )
                    : last + 1;
        }

        return new LoadedDocument(
            new StoredMemory(_state, null, null, []),
            _records,
            memory.TryGet(UserGlobalsField, out JsonElement globals) ? StrictObject.ReadMap(globals, memory.PathOf(UserGlobalsField)) : null
        );
    }

    /// <summary>
    /// Finds the one order of the log that both lists come from: what the frames hold is in model_turns too, in the same order, except for
    /// thoughts.
    /// </summary>
    private void ReadTurns(StrictObject memory)
    {
        JsonElement modelTurns = memory.Required(MemoryParts.ModelTurns);
        List<TurnRecord> entries =
        [
            .. StrictObject
                .Items(modelTurns, memory.PathOf(MemoryParts.ModelTurns))
                .Select(item => TurnRecordFormat.Read(item.Element, item.Path)),
        ];
        int next = 0;
        foreach (
            (JsonElement element, string path) in StrictObject.Items(
                memory.Required(MemoryParts.TurnStack),
                memory.PathOf(MemoryParts.TurnStack)
            )
        )
        {
            StrictObject frame = StrictObject.Read(element, path, "scope", "turns", "system_prompt");
            var turns = new TurnRanges(_state.Chunks);
            _state.TurnStack.Add(
                new TurnFrame(
                    MemoryParts.ParseScope(frame.RequiredText("scope"), frame.PathOf("scope")),
                    frame.RequiredText("system_prompt"),
                    turns
                )
            );
            List<ProgramTurn> given = [.. frame.Items("turns").Select(turn => ReadTurn(turn.Element, turn.Path))];
            for (int i = 0; i < given.Count; i++)
            {
                TurnRecord own = ToRecord(given, ref i);
                int found = own.EntryType == TurnRecord.Thought ? -1 : entries.FindIndex(next, entry => IsSame(entry, given[i]));
                for (; next <= found; next++)
                {
                    Add(entries[next]);
                }

                turns.Add(found >= 0 ? _records.Count : Add(own));
            }
        }

        entries[next..].ForEach(entry => Add(entry));
    }

    private long Add(TurnRecord record)
    {
        _records.Add(record);
        _state.ModelTurns.Add(_records.Count);
        return _records.Count;
    }

    private static bool IsSame(TurnRecord entry, ProgramTurn turn) =>
        entry.Text == turn.Content
        && (
            (entry.EntryType == ModelTurnTypes.UserReply && turn.Role == TurnRecord.UserRole)
            || (entry.EntryType == ModelTurnTypes.AgentReply && turn.Role == TurnRecord.AgentRole)
        );

    /// <summary>
    /// The record of a turn that is in no other list: a thought, whose instruction and answer are two turns, or one by itself.
    /// </summary>
    private static TurnRecord ToRecord(List<ProgramTurn> turns, ref int index)
    {
        ProgramTurn turn = turns[index];
        if (turn.Role == TurnRecord.InstructionRole && index + 1 < turns.Count && turns[index + 1].Role == TurnRecord.AnswerRole)
        {
            index++;
            return Make(TurnRecord.Thought, turns[index].Content, TurnRecord.Instruction, turn.Content);
        }

        return Make(TurnRecord.FrameOnly, turn.Content, TurnRecord.Role, turn.Role);
    }

    private static TurnRecord Make(string type, string? text, string field, string? value) =>
        new(
            type,
            text,
            new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            {
                [field] = ProgramJson.ToElement(value, field, ProgramJson.DefaultOptions),
            },
            null
        );

    private static int ReadInt(StrictObject memory, string name) => StackJson.ToInt(memory.RequiredInteger(name), memory.PathOf(name));
}

/// <summary>A memory as a document has it.</summary>
/// <param name="Memory">Where the program stands.</param>
/// <param name="Records">Its turns, from sequence 1 on.</param>
/// <param name="Globals">The user globals; <see langword="null"/> when the document has none.</param>
internal sealed record LoadedDocument(StoredMemory Memory, List<TurnRecord> Records, IReadOnlyDictionary<string, JsonElement>? Globals)
{
    /// <summary>Whether models are to be replaced by automatic answers.</summary>
    public bool TestMode { get; init; }

    /// <summary>Whether a supervisor watches the models.</summary>
    public bool SupervisorMode { get; init; }

    /// <summary>The node that was entered last and not left.</summary>
    public string? LastNode { get; init; }
}
