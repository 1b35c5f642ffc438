using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>The root function of a program.</summary>
/// <param name="memory">The program's memory, which is also <see cref="MemoryContext.Current"/> meanwhile.</param>
/// <param name="cancellationToken">Ends the run.</param>
/// <returns>The reply with which the program paused; <see langword="null"/> when it has returned.</returns>
public delegate Task<string?> ProgramFunction(MemoryObject memory, CancellationToken cancellationToken);

/// <summary>Runs a program turn by turn: gives it the user's reply and its memory, and returns its reply.</summary>
public sealed class Autogram
{
    private readonly ProgramFunction _run;
    private readonly MemoryObjectOptions _options;

    /// <summary>Makes a runner.</summary>
    /// <param name="run">The root function.</param>
    /// <param name="options">Configuration, root function's name and the types of values; <see langword="null"/> for the defaults.</param>
    public Autogram(ProgramFunction run, MemoryObjectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        _options = options ?? new MemoryObjectOptions();
        Config = _options.Config ?? new ProgramConfig();
        RootFunction = _options.RootFunction;
    }

    /// <summary>
    /// The configuration of memories that this runner makes. Loading a memory of <see cref="SerializationMode.Full"/> replaces it.
    /// </summary>
    public ProgramConfig Config { get; private set; }

    /// <summary>
    /// The root function of memories that this runner makes. Loading a memory of <see cref="SerializationMode.Full"/> replaces it.
    /// </summary>
    public RootFunction? RootFunction { get; private set; }

    /// <summary>Whether memories run in test mode; it is set on every memory that is run.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool TestMode { get; set; }

    /// <summary>Logs what the user said in the active memory.</summary>
    /// <param name="userReply">What the user said.</param>
    /// <exception cref="InvalidOperationException">No memory is active.</exception>
    public static void AddUserReply(string? userReply) =>
        (MemoryContext.Current ?? throw new InvalidOperationException("memory must be set to add user reply")).AddUserReply(userReply);

    /// <summary>Runs the program until it pauses or returns. The user's reply is logged, also when it is empty.</summary>
    /// <param name="userReply">What the user said.</param>
    /// <param name="memory">The memory; <see langword="null"/> starts a new program.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The reply, <see langword="null"/> when the program has returned, and the memory.</returns>
    /// <remarks>
    /// Where the program throws, the memory stands in mid-run and takes no further use: open the conversation again, or load what was
    /// saved.
    /// </remarks>
    public Task<(string? Reply, MemoryObject Memory)> ReplyAsync(
        string? userReply = "",
        MemoryObject? memory = null,
        CancellationToken cancellationToken = default
    )
    {
        memory ??= NewMemory();
        memory.AddUserReply(userReply);
        return RunAsync(memory, cancellationToken);
    }

    /// <summary>
    /// As <see cref="ReplyAsync(string?, MemoryObject?, CancellationToken)"/>, but the user's reply is logged only when there is one.
    /// </summary>
    /// <param name="userReply">What the user said; <see langword="null"/> when the user has not been asked.</param>
    /// <param name="memory">The memory; <see langword="null"/> starts a new program.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The reply, <see langword="null"/> when the program has returned, and the memory.</returns>
    public Task<(string? Reply, MemoryObject Memory)> ApplyAsync(
        string? userReply = null,
        MemoryObject? memory = null,
        CancellationToken cancellationToken = default
    ) => userReply is null ? RunAsync(memory ?? NewMemory(), cancellationToken) : ReplyAsync(userReply, memory, cancellationToken);

    /// <summary>
    /// Runs one durable turn: opens the conversation's memory, runs the program on it and commits what changed, all as one turn. A turn
    /// that is sent again under its id does not run the program: its stored reply is returned, also when the program has gone on since.
    /// </summary>
    /// <param name="conversation">The conversation; it need not exist yet.</param>
    /// <param name="userReply">What the user said.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The reply, <see langword="null"/> when the program has returned. It is durable.</returns>
    /// <exception cref="TurnConflictException">
    /// The turn id was used before, with another reply of the user or for something else. Nothing was written.
    /// </exception>
    /// <exception cref="TurnMessagesDroppedException">
    /// The turn of this id is committed, and its reply has been dropped from the log since.
    /// </exception>
    /// <exception cref="VersionConflictException">
    /// The conversation has moved on meanwhile. Nothing was written; the turn may be run again.
    /// </exception>
    public async Task<string?> ReplyAsync(
        Conversation conversation,
        string? userReply,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        if (turnId is null)
        {
            return await RunTurnAsync(conversation, userReply, null, cancellationToken);
        }

        if (await ProgramReply.FindAsync(conversation, turnId, userReply, cancellationToken) is { } known)
        {
            return known.Text;
        }

        try
        {
            return await RunTurnAsync(conversation, userReply, turnId, cancellationToken);
        }
        catch (Exception failure) when (failure is TurnConflictException or VersionConflictException)
        {
            // The same turn may have been run meanwhile.
            if (await ProgramReply.FindAsync(conversation, turnId, userReply, cancellationToken) is { } other)
            {
                return other.Text;
            }

            throw;
        }
    }

    private async Task<string?> RunTurnAsync(
        Conversation conversation,
        string? userReply,
        string? turnId,
        CancellationToken cancellationToken
    )
    {
        MemoryObject memory = await MemoryObject.OpenAsync(
            conversation,
            _options with
            {
                Config = Config,
                RootFunction = RootFunction,
            },
            cancellationToken
        );
        (string? reply, _) = await ReplyAsync(userReply, memory, cancellationToken);
        memory.NoteReturned(reply);
        await memory.CommitAsync(turnId, cancellationToken);
        return reply;
    }

    /// <summary>The memory of a program that has not started.</summary>
    /// <returns>The memory.</returns>
    public MemoryObject NewMemory() => new(_options with { Config = Config, RootFunction = RootFunction });

    /// <summary>Makes a memory of what <see cref="MemoryObject.SerializeAsync"/> returned.</summary>
    /// <param name="data">The text.</param>
    /// <param name="mode">How it was serialized.</param>
    /// <returns>The memory.</returns>
    /// <inheritdoc cref="MemoryObject.Deserialize" path="/exception" />
    public MemoryObject Deserialize(string data, SerializationMode mode = SerializationMode.Partial) =>
        Take(MemoryObject.Deserialize(data, mode, _options with { Config = Config, RootFunction = RootFunction }), mode);

    /// <summary>
    /// Makes a memory of a file that <see cref="MemoryObject.SaveAsync(string, SerializationMode, CancellationToken)"/> wrote.
    /// </summary>
    /// <param name="fileName">The file.</param>
    /// <param name="mode">How it was saved.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The memory.</returns>
    /// <inheritdoc cref="MemoryObject.Deserialize" path="/exception" />
    public async Task<MemoryObject> LoadAsync(
        string fileName,
        SerializationMode mode = SerializationMode.Partial,
        CancellationToken cancellationToken = default
    ) =>
        Take(
            await MemoryObject.LoadAsync(fileName, mode, _options with { Config = Config, RootFunction = RootFunction }, cancellationToken),
            mode
        );

    private MemoryObject Take(MemoryObject memory, SerializationMode mode)
    {
        if (mode == SerializationMode.Full)
        {
            Config = memory.Config;
            RootFunction = memory.RootFunction;
        }

        return memory;
    }

    private async Task<(string? Reply, MemoryObject Memory)> RunAsync(MemoryObject memory, CancellationToken cancellationToken)
    {
        memory.TestMode = TestMode;
        using (MemoryContext.Use(memory))
        {
            try
            {
                return (await _run(memory, cancellationToken), memory);
            }
            catch
            {
                memory.Abandon();
                throw;
            }
        }
    }
}
