using System.Globalization;
using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// What <see cref="MemoryObject"/> and <see cref="SimpleMemory"/> have in common: turns, a system prompt and user globals.
/// </summary>
/// <remarks>
/// A memory is used by one program at a time: a call that meets another one on the same memory throws
/// <see cref="InvalidOperationException"/> and changes nothing. User globals may be used from any thread.
/// </remarks>
public abstract class ProgramMemory
{
    private protected ProgramMemory(ProgramConfig config, JsonSerializerOptions? options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Config = config;
        JsonOptions = ProgramJson.Exact(options);
        Time = time;
    }

    /// <summary>The configuration.</summary>
    public ProgramConfig Config { get; private protected set; }

    /// <summary>The user's reply that no agent's reply has answered yet; <see langword="null"/> when there is none.</summary>
    public abstract string? CachedUserReply { get; private protected set; }

    /// <summary>The system prompt of what runs now.</summary>
    /// <exception cref="InvalidOperationException">No function is running.</exception>
    public abstract string SystemPrompt { get; }

    /// <summary>Whether models are to be replaced by automatic answers. It is the program's to heed.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool TestMode { get; set; }

    /// <summary>Whether a supervisor watches the models. It is the program's to heed.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool SupervisorMode { get; set; }

    /// <summary>The node that was entered last and not left; <see langword="null"/> when there is none.</summary>
    public string? LastNode { get; private protected set; }

    /// <summary>The user globals.</summary>
    internal GlobalsMap Globals { get; } = new();

    /// <summary>The options that know the types of values.</summary>
    internal JsonSerializerOptions JsonOptions { get; }

    private protected TimeProvider Time { get; }

    private protected UseGuard Guard { get; } = new();

    /// <summary>
    /// Logs what the user said. It becomes a model turn in any case; only a reply that is not empty becomes a turn that the model sees.
    /// </summary>
    /// <param name="userReply">The reply; <see langword="null"/> or empty when the user said nothing.</param>
    public void AddUserReply(string? userReply)
    {
        using UseGuard.Use use = Guard.Enter();
        TurnRecord record = Record(ModelTurnTypes.UserReply, userReply);
        if (string.IsNullOrEmpty(userReply))
        {
            AppendEntry(record);
            return;
        }

        AppendUserTurn(record);
        CachedUserReply = userReply;
    }

    /// <summary>Logs what the agent says to the user, and answers the cached user reply with it.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="lineNumber">The line of the program; <see langword="null"/> when it is not known.</param>
    /// <param name="functionName">The function of the program; <see langword="null"/> when it is not known.</param>
    /// <exception cref="InvalidOperationException">No function is running.</exception>
    public void LogChatTurn(string reply, int? lineNumber = null, string? functionName = null)
    {
        ArgumentNullException.ThrowIfNull(reply);
        using UseGuard.Use use = Guard.Enter();
        AppendTurn(
            Record(ModelTurnTypes.AgentReply, reply, ("last_node", LastNode), ("line_number", lineNumber), ("function_name", functionName))
        );
        CachedUserReply = null;
    }

    /// <summary>Logs a thought, which the model sees and the user does not.</summary>
    /// <param name="reply">What the model thought.</param>
    /// <param name="instruction">What it was told to think about.</param>
    /// <exception cref="InvalidOperationException">No function is running.</exception>
    public void LogThoughtTurn(string reply, string instruction)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(instruction);
        using UseGuard.Use use = Guard.Enter();
        AppendTurn(Record(TurnRecord.Thought, reply, (TurnRecord.Instruction, instruction)));
    }

    /// <summary>Logs a model's choice among answers.</summary>
    /// <param name="result">What it chose.</param>
    /// <param name="inputTurns">What it was given.</param>
    /// <param name="outputTurns">What it returned.</param>
    /// <param name="answerChoices">What it could choose from.</param>
    /// <param name="usageLog">What it used, such as tokens; <see langword="null"/> when that is not known.</param>
    /// <param name="systemPrompt">The system prompt; <see langword="null"/> for none.</param>
    /// <remarks>The arguments are stored with the turn: give what the model saw, not whole histories.</remarks>
    public void LogClassifierTurn(
        object? result,
        object? inputTurns,
        object? outputTurns,
        object? answerChoices,
        object? usageLog = null,
        string? systemPrompt = null
    ) =>
        LogEntry(
            ModelTurnTypes.Classifier,
            result,
            ("input_turns", inputTurns),
            ("output_turns", outputTurns),
            ("answer_choices", answerChoices),
            ("system_prompt", systemPrompt),
            ("usage_log", usageLog),
            ("last_node", LastNode)
        );

    /// <summary>Logs a call of a chat model.</summary>
    /// <param name="result">What it answered.</param>
    /// <param name="inputTurns">What it was given.</param>
    /// <param name="outputTurns">What it returned.</param>
    /// <param name="systemPrompt">The system prompt.</param>
    /// <param name="usageLog">What it used, such as tokens; <see langword="null"/> when that is not known.</param>
    /// <remarks>The arguments are stored with the turn: give what the model saw, not whole histories.</remarks>
    public void LogChatbotTurn(
        object? result,
        object? inputTurns,
        object? outputTurns,
        string systemPrompt = "",
        object? usageLog = null
    ) =>
        LogEntry(
            ModelTurnTypes.Chatbot,
            result,
            ("input_turns", inputTurns),
            ("output_turns", outputTurns),
            ("system_prompt", systemPrompt),
            ("usage_log", usageLog),
            ("last_node", LastNode)
        );

    /// <summary>Logs a call of another model function.</summary>
    /// <param name="result">What it answered.</param>
    /// <param name="functionName">The function.</param>
    /// <param name="functionInputs">Its arguments.</param>
    /// <param name="codePosition">Where in the program it was called; <see langword="null"/> when that is not known.</param>
    /// <param name="supervisorInfo">What a supervisor said; <see langword="null"/> without one.</param>
    /// <param name="usageLog">What it used, such as tokens; <see langword="null"/> when that is not known.</param>
    public void LogModelTurn(
        object? result,
        string functionName,
        object? functionInputs,
        object? codePosition = null,
        object? supervisorInfo = null,
        object? usageLog = null
    ) =>
        LogEntry(
            ModelTurnTypes.Model,
            result,
            ("function_name", functionName),
            ("function_inputs", functionInputs),
            ("code_position", codePosition),
            ("usage_log", usageLog),
            ("supervisor_info", supervisorInfo)
        );

    /// <summary>Sets the system prompt of what runs now.</summary>
    /// <param name="text">The system prompt.</param>
    /// <exception cref="InvalidOperationException">No function is running.</exception>
    public void SetSystemPrompt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using UseGuard.Use use = Guard.Enter();
        ChangeSystemPrompt(text);
    }

    /// <summary>What a model is to see now.</summary>
    /// <param name="maxTurns">How many turns at most, 1 or more, the newest ones; a thought's instruction and answer count as one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The turns and the system prompt.</returns>
    /// <exception cref="InvalidOperationException">No function is running.</exception>
    public abstract Task<ModelView> GetTurnsForModelAsync(int maxTurns = DefaultMaxTurns, CancellationToken cancellationToken = default);

    /// <summary>How many turns a view has at most unless told otherwise.</summary>
    public const int DefaultMaxTurns = 1_000;

    private protected abstract void AppendUserTurn(TurnRecord record);

    private protected abstract void AppendTurn(TurnRecord record);

    private protected abstract void AppendEntry(TurnRecord record);

    private protected abstract void ChangeSystemPrompt(string text);

    private protected void LogEntry(string type, object? output, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        using UseGuard.Use use = Guard.Enter();
        TurnRecord record = output is string text ? Record(type, text, fields) : Record(type, null, [("output", output), .. fields]);
        AppendEntry(record);
    }

    private protected TurnRecord Record(string type, string? text, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var map = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string name, object? value) in fields)
        {
            map[name] = ProgramJson.ToElement(value, $"model_turns.{name}", JsonOptions);
        }

        string timestamp = Time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        map[TurnRecord.Timestamp] = ProgramJson.ToElement(timestamp, TurnRecord.Timestamp, ProgramJson.DefaultOptions);
        return new TurnRecord(type, text, map, Time.GetUtcNow());
    }
}
