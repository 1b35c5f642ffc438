using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// The complete memory of one run of a chatbot program, that is of one conversation: where each of its functions stands, what has been
/// said, and the user's globals. It is opened from a <see cref="Conversation"/>, worked on, and committed as one turn together with the
/// messages it produced.
/// </summary>
/// <remarks>
/// A memory that was opened holds where the program stands; its turns are read from the conversation's log when they are asked for. One
/// that was made or deserialized belongs to no conversation until <see cref="ReplaceAsync"/> gives it to one. Retention is the
/// conversation's; locals, globals and turns are the user's data and may be hostile: treat them as untrusted.
/// </remarks>
public sealed partial class MemoryObject : ProgramMemory
{
    private readonly ProgramState _state;
    private readonly TurnLog _log;

    /// <summary>Makes the memory of a program that has not started and belongs to no conversation.</summary>
    /// <param name="options">Configuration, root function and the types of values; <see langword="null"/> for the defaults.</param>
    public MemoryObject(MemoryObjectOptions? options = null)
        : this(options ?? new MemoryObjectOptions(), null, new TurnLog(null, 0)) => Globals.Load([], UserGlobals.DefaultsOf(RootFunction));

    private MemoryObject(MemoryObjectOptions options, StoredMemory? stored, TurnLog log)
        : base(options.Config ?? stored?.Config ?? new ProgramConfig(), options.SerializerOptions, options.TimeProvider)
    {
        _state = stored?.State ?? new ProgramState();
        _log = log;
        RootFunction = options.RootFunction ?? stored?.Root;
    }

    /// <summary>The function that the program starts with; <see langword="null"/> when none was named.</summary>
    public RootFunction? RootFunction { get; private set; }

    /// <summary>
    /// The frames of callers and of suspended functions, the root function's first. The running function's own is added when it is left.
    /// </summary>
    public IReadOnlyList<StackFrame> Stack => [.. _state.Stack];

    /// <summary>Scope and system prompt of every function that has been called and has not returned, the root function's first.</summary>
    public IReadOnlyList<TurnStackFrame> TurnStack =>
        [.. _state.TurnStack.Select(frame => new TurnStackFrame(frame.Scope, frame.SystemPrompt))];

    /// <summary>The index of the running function, counted from 0; -1 when none runs.</summary>
    public int StackPointer => _state.StackPointer;

    /// <summary>How many functions have been called and have not returned, suspended ones included.</summary>
    public int CallDepth => _state.CallDepth;

    /// <inheritdoc />
    public override string? CachedUserReply
    {
        get => _state.CachedUserReply;
        private protected set => _state.CachedUserReply = value;
    }

    /// <inheritdoc />
    public override string SystemPrompt => Top().SystemPrompt;

    /// <summary>Whether a user's reply waits for the first function to be called.</summary>
    public bool UnusedUserReply => _state.UnusedUserReply is not null;

    /// <summary>The version of the form in which this memory was first saved.</summary>
    public string Version => _state.Version;

    /// <summary>Module globals that go with the program, by name; see <see cref="SetGlobalsSnapshot"/>.</summary>
    public IReadOnlyDictionary<string, object?> GlobalsSnapshot => _state.GlobalsSnapshot;

    /// <summary>The call outside of the program that is under way, as the program noted it; JSON null when there is none.</summary>
    public JsonElement ExternalCall => _state.ExternalCall;

    /// <summary>
    /// Where the memory of that call is, as the program noted it; JSON null when there is none. While it is set, every resumed line runs
    /// again.
    /// </summary>
    public JsonElement ExternalCallMemory => _state.ExternalCallMemory;

    /// <summary>
    /// The version of the conversation that this memory is at; 0 when the conversation does not exist yet or the memory belongs to none.
    /// </summary>
    public long ConversationVersion { get; private set; }

    /// <summary>Notes module globals that go with the program.</summary>
    /// <param name="globals">The values by name. They follow the rules of locals, see <see cref="StackFrame"/>.</param>
    public void SetGlobalsSnapshot(IReadOnlyDictionary<string, object?> globals)
    {
        ArgumentNullException.ThrowIfNull(globals);
        using UseGuard.Use use = Guard.Enter();
        _state.GlobalsSnapshot = new Dictionary<string, object?>(globals, StringComparer.Ordinal);
    }

    /// <summary>Notes a call outside of the program that outlives this turn, such as one of another process.</summary>
    /// <param name="call">The call; <see langword="null"/> when there is none any more.</param>
    /// <param name="memory">Where its memory is; <see langword="null"/> when there is none.</param>
    /// <exception cref="UnserializableValueException">
    /// An argument is no JSON value and of no type that the serializer options know.
    /// </exception>
    public void SetExternalCall(object? call, object? memory)
    {
        using UseGuard.Use use = Guard.Enter();
        JsonElement written = ProgramJson.ToElement(call, MemoryParts.ExternalCall, JsonOptions);
        _state.ExternalCallMemory = ProgramJson.ToElement(memory, MemoryParts.ExternalCallMemory, JsonOptions);
        _state.ExternalCall = written;
    }

    private TurnFrame Top() => _state.TurnStack is [.., { } top] ? top : throw NotRunning();

    private static InvalidOperationException NotRunning() => new("No function is running. Call ProcessCall first.");
}

/// <summary>What is known about a function that has been called and has not returned.</summary>
/// <param name="Scope">Its scope.</param>
/// <param name="SystemPrompt">Its system prompt.</param>
public sealed record TurnStackFrame(ConversationScope Scope, string SystemPrompt);
